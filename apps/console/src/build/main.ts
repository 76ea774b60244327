import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.js';

/** After the compiler: `dist/pages/audit.html`, and beside it the policy to serve it with. */
const app = new URL('../../', import.meta.url);
const source = (name: string): Promise<string> => readFile(new URL(`src/${name}`, app), 'utf8');
const pages = new URL('dist/pages/', app);

const { html, policy } = await buildPage({
  entry: fileURLToPath(new URL('dist/main.js', app)),
  style: await source('style.css'),
  template: await source('audit.html'),
});
await mkdir(pages, { recursive: true });
await put('audit.html', html);
await put('audit.policy', policy);

/** Whole or not at all: a gateway may be starting meanwhile. */
async function put(name: string, text: string): Promise<void> {
  const draft = new URL(`${name}.${process.pid}`, pages);
  await writeFile(draft, text);
  await rename(draft, new URL(name, pages));
}
