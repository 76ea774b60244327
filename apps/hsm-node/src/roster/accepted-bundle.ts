import { ByteReader, ByteWriter, utf8, type Bytes } from '@strongroom/protocol';
import type { BundleMemory, Checkpoint } from '@strongroom/transparency';
import type { NodeStore, StoreWrite } from '../storage/node-store.js';

/** The newest bundle that this node accepted: its memory (TRANSPARENCY 3, step 20), and the note to start from next time. */
export interface AcceptedBundle {
  readonly memory: BundleMemory;
  readonly note: string;
  /** The clock by which its window was judged, milliseconds since 1970. */
  readonly acceptedAtMs: number;
}

const TABLE = 'bundle';
const KEY = utf8('accepted');
/** What stands for the checkpoint after a bare note; no log has an empty origin. */
const NO_CHECKPOINT: Checkpoint = { origin: '', size: 0, root: new Uint8Array(32) };

/** u32 epoch || digest 32 || u32 minEpoch || u64 acceptedAtMs || origin, empty without a log || u64 size || root 32 || the note. */
export function writeAccepted({ memory, note, acceptedAtMs }: AcceptedBundle): StoreWrite {
  const { origin, size, root } = memory.checkpoint ?? NO_CHECKPOINT;
  const head = new ByteWriter().u32(memory.epoch).raw(memory.digest).u32(memory.minEpoch).u64(acceptedAtMs);
  return { table: TABLE, key: KEY, value: head.text(origin).u64(size).raw(root).text(note).bytes() };
}

export function readAccepted(store: NodeStore): AcceptedBundle | null {
  const row = store.get(TABLE, KEY);
  return row === null ? null : parse(row);
}

function parse(row: Bytes): AcceptedBundle {
  const reader = new ByteReader(row);
  const epoch = reader.u32('epoch');
  const digest = reader.raw('digest', 32);
  const minEpoch = reader.u32('minEpoch');
  const acceptedAtMs = reader.u64('acceptedAtMs');
  const checkpoint = { origin: reader.text('origin'), size: reader.u64('size'), root: reader.raw('root', 32) };
  const note = reader.text('note');
  reader.end('accepted bundle');
  return { memory: { epoch, digest, minEpoch, ...(checkpoint.origin !== '' && { checkpoint }) }, note, acceptedAtMs };
}
