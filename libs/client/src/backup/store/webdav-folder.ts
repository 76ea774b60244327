import { bytesToHex } from '@noble/hashes/utils.js';
import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import { systemRandom } from '../../platform/system-random.js';
import type { BackupStore, Parts, StoredBackup } from './backup-store.js';
import { request, textOf, unavailable, type StoreFetch } from './store-http.js';

export interface WebDavFolderOptions {
  /** Address of a folder for this one backup, as in `https://dav.example/files/user/backup`. Made when it is not there. */
  readonly url: string;
  /** As in `{ authorization: 'Basic …' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: StoreFetch;
}

const manifest = z.strictObject({
  version: z.literal(1),
  /** The folder of the parts, 32 hexadecimal digits. */
  upload: z.string().regex(/^[0-9a-f]{32}$/),
  size: z.int().min(1),
  partBytes: z.int().min(1),
});
type Manifest = z.infer<typeof manifest>;

const UPLOAD_BYTES = 16;
const MANIFEST = 'backup.json';
const EXISTS = 405;
const MISSING = 404;
const MIB = 1 << 20;

/**
 * A folder of any server that speaks WebDAV (RFC 4918). WebDAV cannot put a file together, so a backup is a folder of
 * parts, which `cat` does, and a manifest that names it; another backup takes its place when the manifest is replaced.
 */
export class WebDavFolder implements BackupStore {
  readonly leastPartBytes = MIB;
  readonly mostParts = 999_999;
  private readonly root: string;
  private readonly fetch: StoreFetch;

  constructor(private readonly options: WebDavFolderOptions) {
    this.root = options.url.replace(/\/+$/, '');
    this.fetch = options.fetch ?? ((url, init) => fetch(url, init));
  }

  async begin(signal: AbortSignal): Promise<string> {
    const upload = bytesToHex(systemRandom.bytes(UPLOAD_BYTES));
    await this.makeFolder('', signal);
    await this.makeFolder(`/${upload}`, signal);
    return upload;
  }

  async put(upload: string, part: number, bytes: Blob, signal: AbortSignal): Promise<string> {
    await this.done(`/${upload}/${partName(part)}`, { method: 'PUT', body: bytes, signal });
    return partName(part);
  }

  async finish(upload: string, { size, partBytes }: Parts, signal: AbortSignal): Promise<void> {
    const before = await this.manifest(signal);
    if (before?.upload === upload) return;
    const body = `${JSON.stringify({ version: 1, upload, size, partBytes } satisfies Manifest)}\n`;
    await this.done(`/${MANIFEST}`, { method: 'PUT', body, signal });
    // What nothing names takes room and nothing else.
    if (before) await this.abandon(before.upload, signal).catch(() => undefined);
  }

  async abandon(upload: string, signal: AbortSignal): Promise<void> {
    await this.done(`/${upload}/`, { method: 'DELETE', signal, accept: [MISSING] });
  }

  async open(signal: AbortSignal): Promise<StoredBackup> {
    const found = await this.manifest(signal);
    if (!found) throw new VaultError('NOT_FOUND', 'there is no backup in this folder');
    return { size: found.size, read: (offset, reading) => this.read(found, offset, reading) };
  }

  /** From the offset to the end of the part that holds it. */
  private async read({ upload, partBytes }: Manifest, offset: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const part = Math.floor(offset / partBytes) + 1;
    const start = offset % partBytes;
    const range = start === 0 ? {} : { range: `bytes=${start}-` };
    const path = `/${upload}/${partName(part)}`;
    const { status, body } = await this.ask(path, { method: 'GET', headers: range, signal, accept: [MISSING] });
    if (status === MISSING) throw new VaultError('CONFLICT', 'another backup took the place of this one; begin again');
    if (body === null || (status !== 206 && start > 0)) throw unavailable('the store did not go on where it was asked to');
    return body;
  }

  private async manifest(signal: AbortSignal): Promise<Manifest | null> {
    const response = await this.ask(`/${MANIFEST}`, { method: 'GET', signal, accept: [MISSING] });
    const text = await textOf(response);
    if (response.status === MISSING) return null;
    try {
      return manifest.parse(JSON.parse(text));
    } catch (cause) {
      throw new VaultError('CONFLICT', `${MANIFEST} in this folder is not the manifest of a backup`, {}, { cause });
    }
  }

  private async makeFolder(path: string, signal: AbortSignal): Promise<void> {
    await this.done(`${path}/`, { method: 'MKCOL', signal, accept: [EXISTS] });
  }

  private async done(path: string, init: Parameters<typeof request>[2]): Promise<void> {
    await (await this.ask(path, init)).body?.cancel();
  }

  private ask(path: string, init: Parameters<typeof request>[2]): Promise<Response> {
    return request(this.fetch, `${this.root}${path}`, { ...init, headers: { ...this.options.headers, ...init.headers } });
  }
}

/** Six digits, so that names sort as parts do. */
function partName(part: number): string {
  return String(part).padStart(6, '0');
}
