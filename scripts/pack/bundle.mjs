import { rolldown } from 'rolldown';
import { Refusal } from '../progress.mjs';
import { ENTRIES, NODE_ONLY, WORKERS, modulesOf } from './entries.mjs';

/**
 * The compiled SDK with everything that it needs, as ES modules beside each other in `folder`: readable, and each
 * dependency at the version that the tests ran on. @returns the files of `node_modules` whose code is in there
 */
export async function bundleCode(root, folder) {
  const input = modulesOf(root, { ...ENTRIES, ...WORKERS }, '.js');
  const bundle = await rolldown({
    input,
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
    external: /^node:/,
    plugins: [webCrypto],
    logLevel: 'warn',
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    comments: { jsdoc: false },
  });
  await bundle.close();
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  for (const name of Object.keys(input).filter((name) => !NODE_ONLY.includes(name))) refuseNode(chunks, `${name}.js`);
  return output.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.includes('/node_modules/'));
}

/** @hpke/common imports Node's crypto where the platform has no Web Crypto, as Node 18: here every platform has. */
const webCrypto = {
  name: 'web-crypto',
  resolveId: (id) => (id === 'crypto' ? 'web-crypto' : null),
  load: (id) => (id === 'web-crypto' ? 'export const webcrypto = globalThis.crypto;' : null),
};

/** A browser stops at the first `node:` import that it meets, also in a chunk that it needs nothing of. */
function refuseNode(chunks, name, seen = new Set()) {
  if (seen.has(name)) return;
  seen.add(name);
  const chunk = chunks.get(name);
  for (const imported of [...chunk.imports, ...chunk.dynamicImports]) {
    if (!chunks.has(imported)) throw new Refusal(`${name} imports ${imported}, which no browser has`);
    refuseNode(chunks, imported, seen);
  }
}
