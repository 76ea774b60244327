import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** A page as it is served: read once, when the gateway starts. */
export type ConsolePage = {
  readonly html: Buffer;
  readonly gzipped: Buffer;
  /** Of the content, so that a browser asks again and gets it only when it has changed. */
  readonly etag: string;
  readonly policy: string;
};

/** The pages that the console's build has made; none when the gateway serves none. */
export class ConsolePages {
  private constructor(private readonly pages: ReadonlyMap<string, ConsolePage>) {}

  static none(): ConsolePages {
    return new ConsolePages(new Map());
  }

  /** @param folder with `audit.html` and `audit.policy` in it @throws the file's error when one is missing */
  static async read(folder: string): Promise<ConsolePages> {
    return new ConsolePages(new Map([['audit', await readPage(folder, 'audit')]]));
  }

  page(name: string): ConsolePage | undefined {
    return this.pages.get(name);
  }
}

async function readPage(folder: string, name: string): Promise<ConsolePage> {
  const [html, policy] = await Promise.all([readFile(join(folder, `${name}.html`)), readFile(join(folder, `${name}.policy`), 'utf8')]);
  const etag = `"${createHash('sha256').update(html).digest('base64url')}"`;
  // What a `meta` in the page cannot say.
  return { html, gzipped: await compress(html, { level: 9 }), etag, policy: `${policy.trim()}; frame-ancestors 'none'` };
}
