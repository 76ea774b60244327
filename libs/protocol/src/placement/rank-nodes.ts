import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from '../encoding/bytes.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { invalid } from '../errors/protocol-error.js';

/** The facts of a fleet that decide where an account lives. */
export interface PlacementRoster {
  readonly fleetId: string;
  readonly epoch: number;
  /** Number of nodes, 1 to 32; they are numbered 1 to n. */
  readonly n: number;
}

/**
 * All nodes of the roster in the order in which they serve an account, its home node first: rendezvous hashing
 * (PROTOCOL 4.2, 6.8). The score of a node is SHA-256(label `rank` || lv(fleetId) || epoch u32 || uid || node u8),
 * highest first. It depends on the roster alone, so nodes and gateway agree without asking one another, and a node
 * that goes away moves only the accounts that it served.
 * @param uid 32 bytes
 * @returns n distinct indices of 1..n
 * @throws REQUEST_INVALID naming `uid` or `n`
 */
export function rankNodes(uid: Bytes, roster: PlacementRoster): readonly number[] {
  if (uid.length !== 32) throw invalid('uid', 'must be 32 bytes');
  if (!Number.isInteger(roster.n) || roster.n < 1 || roster.n > 32) throw invalid('n', 'must be 1 to 32');
  const prefix = ByteWriter.labelled('rank').text(roster.fleetId).u32(roster.epoch).raw(uid).bytes();
  const account = sha256.create().update(prefix);
  const ranked: Scored[] = [];
  for (let node = 1; node <= roster.n; node++) {
    ranked.push({ node, score: account.clone().update(Uint8Array.of(node)).digest() });
  }
  return ranked.sort(byScore).map((entry) => entry.node);
}

interface Scored {
  readonly node: number;
  readonly score: Bytes;
}

/** Equal scores would take a collision of SHA-256; the index keeps even that order total. */
function byScore(a: Scored, b: Scored): number {
  for (let i = 0; i < 32; i++) {
    const difference = (b.score[i] ?? 0) - (a.score[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.node - b.node;
}
