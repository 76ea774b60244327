import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { VaultError, equal, invalid } from '@strongroom/protocol';
import { z } from 'zod';
import type { BackupStore } from './store/backup-store.js';
import { Patience, type PatienceOptions } from './patience.js';

/** How far an upload has got; plain JSON without a secret of the backup, for wherever the app keeps such things. */
export interface UploadState {
  readonly version: 1;
  /** Bytes of the age file. */
  readonly size: number;
  readonly partBytes: number;
  /** SHA-256 of its first bytes, 64 hexadecimal digits: two age files differ there, also of the same content. */
  readonly head: string;
  /** The store's name of the upload. */
  readonly upload: string;
  /** What the store said of each part, from the first on. */
  readonly receipts: readonly string[];
}

const state: z.ZodType<UploadState> = z.strictObject({
  version: z.literal(1),
  size: z.int().min(1),
  partBytes: z.int().min(1),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  upload: z.string().min(1).max(1_024),
  receipts: z.array(z.string().min(1).max(256)).max(1_000_000),
});

export interface UploadOptions extends PatienceOptions {
  /** Of an upload that was broken off, to go on with it. */
  readonly resume?: UploadState | undefined;
  /** Called before the first part and after each; the upload waits for it, so that what it keeps is never ahead. */
  readonly onState?: ((state: UploadState) => void | Promise<void>) | undefined;
  /** Bytes that the store has acknowledged, of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const PART_BYTES = 8 << 20;
const HEAD_BYTES = 4_096;

/**
 * Puts an age file into a store, part by part; what was there before stays until all of the new one is there. The file is
 * made first, as in `fs.openAsBlob` or a browser's File: encrypting once more would make another file, and a half of each
 * opens under no key.
 * @throws REQUEST_INVALID with field `resume` when that belongs to another file, NOT_FOUND when the store has forgotten the
 * upload (begin again without `resume`), FORBIDDEN, CONFLICT, STORE_UNAVAILABLE after all retries, the signal's reason
 */
export async function uploadBackup(file: Blob, store: BackupStore, options: UploadOptions = {}): Promise<void> {
  const { resume, onState, onProgress, signal } = options;
  signal?.throwIfAborted();
  if (file.size === 0) throw invalid('file', 'is empty');
  const patience = new Patience(options);
  const head = bytesToHex(sha256(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())));
  let current = resume === undefined ? await begun(file, head, store, patience) : checked(resume, file, head);
  await onState?.(current);
  const { size, partBytes, upload } = current;
  const partsInAll = Math.ceil(size / partBytes);
  for (let part = current.receipts.length + 1; part <= partsInAll; part += 1) {
    const bytes = file.slice((part - 1) * partBytes, part * partBytes);
    const receipt = await patience.with((trying) => store.put(upload, part, bytes, trying));
    current = { ...current, receipts: [...current.receipts, receipt] };
    await onState?.(current);
    onProgress?.(Math.min(part * partBytes, size), size);
  }
  const parts = current;
  await patience
    .with((trying) => store.finish(upload, parts, trying))
    .catch(async (error: unknown) => {
      // A store forgets an upload when it is finished, and may refuse to finish it twice: an earlier answer may have been lost.
      if (!(error instanceof VaultError) || !(await isThere(file, store, options).catch(() => false))) throw error;
    });
}

/** Whether the store has this very file as the backup: two age files differ in their first bytes. */
async function isThere(file: Blob, store: BackupStore, options: PatienceOptions): Promise<boolean> {
  const patience = new Patience(options);
  const stored = await patience.with((trying) => store.open(trying));
  if (stored.size !== file.size) return false;
  const reader = (await patience.with((trying) => stored.read(0, trying))).getReader();
  try {
    const { value = new Uint8Array(0) } = await reader.read();
    const own = new Uint8Array(await file.slice(0, Math.min(HEAD_BYTES, value.length)).arrayBuffer());
    return own.length > 0 && equal(own, value.subarray(0, own.length));
  } finally {
    await reader.cancel().catch(() => undefined); // the rest is not needed, whatever becomes of it
  }
}

/** Forgets an upload that was broken off and will not be resumed. What the store keeps as the backup is not touched. */
export async function abandonUpload(upload: UploadState, store: BackupStore, options: PatienceOptions = {}): Promise<void> {
  const { upload: name } = state.parse(upload);
  await new Patience(options).with((trying) => store.abandon(name, trying));
}

async function begun(file: Blob, head: string, store: BackupStore, patience: Patience): Promise<UploadState> {
  const partBytes = Math.max(PART_BYTES, store.leastPartBytes, Math.ceil(file.size / store.mostParts));
  const upload = await patience.with((trying) => store.begin(trying));
  return { version: 1, size: file.size, partBytes, head, upload, receipts: [] };
}

function checked(resume: UploadState, file: Blob, head: string): UploadState {
  const read = state.safeParse(resume);
  if (!read.success) throw new VaultError('REQUEST_INVALID', 'resume: is not the state of an upload', { field: 'resume' });
  const { size, partBytes, receipts } = read.data;
  if (size !== file.size || read.data.head !== head) throw invalid('resume', 'belongs to another file; begin again without it');
  if (receipts.length > Math.ceil(size / partBytes)) throw invalid('resume', 'has more parts than the file');
  return read.data;
}
