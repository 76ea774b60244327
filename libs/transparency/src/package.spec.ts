import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const folder = new URL('../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const manifest: { readonly dependencies: Readonly<Record<string, string>>; readonly private?: boolean; readonly files: readonly string[] } =
  JSON.parse(text('package.json'));
/** What is published: everything compiled but specs and their fixtures. */
const modules = readdirSync(new URL('dist/', folder), { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.js') && !/\.(?:spec|fixture)\.js$/.test(path),
);

describe('the package', () => {
  it('depends on audited cryptography alone and may be published', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['@noble/curves', '@noble/hashes']);
    expect(manifest.private).toBeUndefined();
    expect(manifest.files).toEqual(['dist', '!dist/**/*.spec.*', '!dist/**/*.fixture.*', '!dist/.tsbuildinfo']);
  });

  it('imports itself and that, and asks for nothing that a browser lacks', () => {
    expect(modules.length).toBeGreaterThan(50);
    for (const path of modules) {
      const code = text(`dist/${path}`);
      const imports = [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name ?? '');
      expect(imports.filter((name) => !/^\.{1,2}\/|^@noble\/(?:curves|hashes)\//.test(name))).toEqual([]);
      // Comments apart: what is used, not what is mentioned.
      const used = code.replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
      expect(used.match(/\b(?:Buffer|process|require|__dirname|globalThis|Date\.now|Math\.random)\b|\bfetch\(/g) ?? []).toEqual([]);
    }
  });
});
