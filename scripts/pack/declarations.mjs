import { join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { Refusal } from '../progress.mjs';
import { ENTRIES, modulesOf } from './entries.mjs';

/** The types of the entries, with what they use of other libraries of ours and nothing else, in `folder`. */
export async function bundleDeclarations(root, folder) {
  const ours = {
    name: 'workspaces',
    resolveId: (id) => (id.startsWith('@strongroom/') ? join(root, 'libs', id.slice('@strongroom/'.length), 'dist/index.d.ts') : null),
  };
  const bundle = await rollup({
    input: modulesOf(root, ENTRIES, '.d.ts'),
    plugins: [ours, dts()],
    // What is not declared by the entries is dropped again, and with it every type of these.
    external: [/^node:/, /^zod/, /^@noble\//, /^@hpke\//],
  });
  const { output } = await bundle.write({ dir: folder, format: 'es', entryFileNames: '[name].d.ts', chunkFileNames: '[name]-types.d.ts' });
  await bundle.close();
  for (const { fileName, imports } of output) {
    const foreign = imports.find((name) => !output.some((chunk) => chunk.fileName === name));
    if (foreign !== undefined) throw new Refusal(`${fileName} needs the types of ${foreign}, which are not in the package`);
  }
}
