import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** What a page loads that protects and recovers, as an application's bundler makes it. */
const PAGES = {
  'a page that protects and recovers': `export { VaultClient, WebDeviceStore, openBindingKey, webWorkerStretcher } from './index.js';`,
  'backups as streams, loaded where files are kept': `export { downloadBackup, decryptBackup, encryptBackup, uploadBackup, S3Object, WebDavFolder } from './backup.js';`,
  'the estimate of strength, loaded where a code is chosen': `export { estimateStrength } from './strength.js';`,
  'its worker, loaded when a code is stretched': `import './argon2-web-worker.js';`,
};

/** @param dist folder with the bundled entries; @returns bytes over the network of each, minified and gzipped, by name */
export async function measurePages(dist) {
  const measured = [];
  for (const [name, source] of Object.entries(PAGES)) measured.push([name, await gzipped(dist, source)]);
  return Object.fromEntries(measured);
}

async function gzipped(dist, source) {
  const page = join(dist, 'page.js');
  const plugin = { name: 'page', resolveId: (id) => (id === page ? id : null), load: (id) => (id === page ? source : null) };
  const bundle = await rolldown({ input: page, platform: 'browser', plugins: [plugin], logLevel: 'warn' });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  return output.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
}
