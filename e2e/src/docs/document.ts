import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Document {
  /** From the root, as in `docs/SECURITY.md`. */
  readonly path: string;
  readonly text: string;
}

export function readDocument(path: string): Document {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The documents that people write: those of the root, of bench, simulator, chaos, SDK and examples, and all of docs/ but what is generated. */
export function writtenDocuments(): readonly Document[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name));
  const beside = ['bench', 'sim', 'chaos', 'libs/client', 'examples'].map((folder) => join(folder, 'README.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...beside, ...below];
  return paths.filter((path) => path.endsWith('.md') && !path.startsWith(join('docs', 'generated'))).map(readDocument);
}

/** Relative links that lead to no file of the repository. */
export function brokenLinks({ path, text }: Document): readonly string[] {
  const targets = matches(withoutCode(text), /\]\(([^)\s]+)\)/g).filter((target) => !/^[a-z]+:/.test(target));
  return targets.filter((target) => {
    const file = resolve(root, dirname(path), target.split('#')[0] ?? '');
    return relative(root, file).startsWith('..') || !existsSync(file);
  });
}

/** Lines of shell blocks without their comments. */
export function shellLines({ text }: Document): readonly string[] {
  return matches(text, /```sh\n([\s\S]*?)```/g).flatMap((block) => block.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()));
}

/** Commands quoted anywhere in the text, code blocks included. */
export function npmCommands({ text }: Document): readonly string[] {
  return matches(text, /\bnpm ((?:run [a-z]+)|start|test)\b/g);
}

/** First cells of the table rows under the heading `### title`, their code marks and stars taken off. */
export function tableUnder({ text }: Document, title: string): readonly string[] {
  const section = text.split(`\n### ${title}\n`)[1]?.split(/\n#{1,3} /)[0] ?? '';
  return firstCells(section);
}

/** First cells of all rows that begin with a word in CAPITALS as code. */
export function firstCells(text: string): readonly string[] {
  return matches(text, /^\| \**`([A-Z][A-Z0-9_]+)`\** \|/gm);
}

export function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
}
