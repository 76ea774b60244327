import { bytes, fleetIdSchema } from '@strongroom/contracts';
import { decodeMessage, encodeMessage } from '@strongroom/platform';
import { equal, utf8, type BatchHead, type Bytes, type FleetRoster } from '@strongroom/protocol';
import { z } from 'zod';
import type { NodeStore, StoreWrite } from '../storage/node-store.js';

const TABLE = 'chain';
const KEY = utf8('self');
const MAX_BYTES = 64 * 1024;

const markSchema = z.strictObject({ incarnation: z.int().min(0), sequence: z.int().min(0), hash: bytes(32) });

const chainSchema = z.strictObject({
  fleetId: fleetIdSchema,
  epoch: z.int().min(1),
  /** Of this node's own batches: the last one that was made, under the incarnation that it runs as. */
  own: markSchema,
  /** What this node has seen of nodes 1..n; its own place mirrors `own.incarnation`. */
  seen: z.array(markSchema).min(1).max(32),
});

/** How far a node's chain of batches is known (PROTOCOL 7.2). */
export type ChainMark = z.output<typeof markSchema>;
export type Chain = z.output<typeof chainSchema>;

const NOTHING: ChainMark = { incarnation: 0, sequence: 0, hash: new Uint8Array(32) };

export function emptyChain(fleetId: string, epoch: number, n: number): Chain {
  return { fleetId, epoch, own: NOTHING, seen: Array.from({ length: n }, () => NOTHING) };
}

/** The chain of this node in an epoch of its fleet; empty when it has none there: each epoch begins its own. */
export function loadChain(store: NodeStore, { fleetId, epoch, n }: Pick<FleetRoster, 'fleetId' | 'epoch' | 'n'>): Chain {
  const row = store.get(TABLE, KEY);
  const kept = row === null ? null : decodeMessage(row, MAX_BYTES, chainSchema);
  return kept?.fleetId === fleetId && kept.epoch === epoch ? kept : emptyChain(fleetId, epoch, n);
}

export function chainWrite(chain: Chain): StoreWrite {
  return { table: TABLE, key: KEY, value: encodeMessage(chain, MAX_BYTES) };
}

/** The incarnations that this node has stored for nodes 1..n: what its votes and promises sign. */
export function incarnationsOf(chain: Chain): readonly number[] {
  return chain.seen.map(({ incarnation }) => incarnation);
}

/** The chain of `self` begins anew under a higher incarnation. */
export function withIncarnation(chain: Chain, self: number, incarnation: number): Chain {
  const own = { ...NOTHING, incarnation };
  return { ...chain, own, seen: replaceAt(chain.seen, self, { ...seenOf(chain, self), incarnation }) };
}

export function seenOf(chain: Chain, node: number): ChainMark {
  return chain.seen[node - 1] ?? NOTHING;
}

export function withSeen(chain: Chain, node: number, mark: ChainMark): Chain {
  return { ...chain, seen: replaceAt(chain.seen, node, mark) };
}

export type BatchStanding = 'new' | 'old' | 'fenced' | 'forked';

/** Where a received batch stands. Gaps are allowed: batches get lost; two batches in one place are a clone or a liar. */
export function standingOf(chain: Chain, head: BatchHead, hash: Bytes): BatchStanding {
  const mark = seenOf(chain, head.node);
  if (head.incarnation < mark.incarnation) return 'fenced';
  if (head.incarnation > mark.incarnation || head.sequence > mark.sequence) return 'new';
  if (head.sequence === mark.sequence && !equal(hash, mark.hash)) return 'forked';
  return 'old';
}

function replaceAt(marks: readonly ChainMark[], node: number, mark: ChainMark): ChainMark[] {
  return marks.map((old, i) => (i === node - 1 ? mark : old));
}
