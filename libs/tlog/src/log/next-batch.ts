import { createHash } from 'node:crypto';
import { VaultError } from '@strongroom/protocol';
import { sameBytes } from '../disk/same-bytes.js';

/** Entries that follow a tree of `from` leaves: what the log decided to be next before it wrote any of it. */
export type Batch = { readonly from: number; readonly entries: readonly Uint8Array[] };

const HEADER = 'strongroom/log-batch/v1';
const DIGEST_BYTES = 32;

/** A header line, origin, first index and number of entries, each entry after its length (u16), then SHA-256 over all that. */
export function encodeBatch(origin: string, { from, entries }: Batch): Uint8Array {
  const header = Buffer.from(`${HEADER}\n${origin}\n${from}\n${entries.length}\n`);
  const parts = entries.flatMap((entry) => [lengthOf(entry), entry]);
  const body = Buffer.concat([header, ...parts]);
  return Buffer.concat([body, digestOf(body)]);
}

/** @throws INTERNAL when it is damaged or another log's: a file is put whole, so this is no crash of ours */
export function parseBatch(origin: string, bytes: Uint8Array): Batch {
  const file = Buffer.from(bytes);
  const body = file.subarray(0, Math.max(0, file.length - DIGEST_BYTES));
  if (!sameBytes(digestOf(body), file.subarray(body.length))) throw damaged('its digest is another');
  const [header, named, from, count] = body.toString('utf8').split('\n', 4);
  if (header !== HEADER || named !== origin || from === undefined || count === undefined) throw damaged('it is of another log');
  const entries: Uint8Array[] = [];
  let offset = Buffer.byteLength(`${header}\n${named}\n${from}\n${count}\n`);
  while (offset < body.length) {
    const length = body.readUInt16BE(offset);
    entries.push(new Uint8Array(body.subarray(offset + 2, offset + 2 + length)));
    offset += 2 + length;
  }
  if (offset !== body.length || entries.length !== Number(count)) throw damaged('its entries are others');
  return { from: Number(from), entries };
}

function lengthOf(entry: Uint8Array): Uint8Array {
  return Uint8Array.of(entry.length >> 8, entry.length & 0xff);
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function damaged(reason: string): VaultError {
  return new VaultError('INTERNAL', `the log's next batch cannot be read: ${reason}`);
}
