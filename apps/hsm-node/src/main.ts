import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { appDigest, createContext, libsDigest, readTrustRoot, runService, SystemRandom } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import { z } from 'zod';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { DataFolder } from './storage/data-folder.js';

/** Where everything is installed. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const packageJson = z.object({ version: z.string() });

await runService('hsm-node', async (log) => {
  // Whatever this process writes, nobody else reads.
  process.umask(0o077);
  const config = readConfig(process.env);
  const trustRoot = await readTrustRoot(config);
  const { version } = packageJson.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
  const artifacts = { 'apps/hsm-node': await appDigest(ROOT, 'hsm-node'), libs: await libsDigest(ROOT) };
  const data = await DataFolder.open({
    folder: config.DATA_DIR,
    passphraseFile: config.KEYSTORE_PASSPHRASE_FILE,
    random: new SystemRandom(),
    onFailure: (failure) => {
      log.fatal({ event: 'storage.failed', reason: String(failure.cause) });
      process.exit(1);
    },
  });
  const app = await createContext(AppModule.forRoot({ config, log, data, trustRoot, software: { software: version, artifacts } }), log);
  return { app, ready: { identity: toHex(data.keystore.identityPublicKey) } };
});
