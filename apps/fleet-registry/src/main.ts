import { createContext, runService } from '@strongroom/platform';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await runService('fleet-registry', async (log) => ({ app: await createContext(AppModule.forRoot(readConfig(), log), log) }));
