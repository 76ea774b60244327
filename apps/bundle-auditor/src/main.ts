import { createContext, runService } from '@strongroom/platform';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await runService('bundle-auditor', async (log) => ({ app: await createContext(await AppModule.forRoot(readConfig(), log), log) }));
