import { sha256 } from '@noble/hashes/sha2.js';
import { inclusionPaths, leafHash, rootFromInclusionPath } from '@strongroom/transparency';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import { VaultError } from '../errors/protocol-error.js';
import type { Signer, SignatureVerifier } from '../keys/signature.js';
import { memberKey, type FleetRoster } from '../roster/fleet-roster.js';

/** Where a batch stands in its node's chain of batches (PROTOCOL 7.1). */
export interface BatchHead {
  readonly node: number;
  readonly incarnation: number;
  /** 1 for the first batch of an incarnation, then one more each; 0 for an answer outside the chain. */
  readonly sequence: number;
  /** `batchHash` of the batch before, 32 bytes; zeros for the first. */
  readonly previous: Bytes;
}

/** One statement of a batch with its path to the signed root (RFC 6962 tree over the batch's statements). */
export interface SignedStatement extends BatchHead {
  readonly statement: Bytes;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly path: Bytes[];
  /** Ed25519 by the node's identity key over `batchMessage`, 64 bytes. */
  readonly signature: Bytes;
}

/** lv(label) || lv(fleetId) || u32 epoch || u8 node || u32 incarnation || u64 sequence || previous || root. */
export function batchMessage(fleet: Pick<FleetRoster, 'fleetId' | 'epoch'>, head: BatchHead, root: Bytes): Bytes {
  const writer = ByteWriter.labelled('batch').text(fleet.fleetId).u32(fleet.epoch).u8(head.node).u32(head.incarnation);
  return writer.u64(head.sequence).raw(head.previous).raw(root).bytes();
}

/** What the next batch names as `previous`, 32 bytes. */
export function batchHash(message: Bytes): Bytes {
  return sha256(message);
}

export interface SignedBatch {
  readonly hash: Bytes;
  readonly signature: Bytes;
  readonly statements: readonly SignedStatement[];
}

/** One signature for all statements of a batch. @param statements at least one */
export function signBatch(
  fleet: Pick<FleetRoster, 'fleetId' | 'epoch'>,
  head: BatchHead,
  statements: readonly Bytes[],
  signer: Signer,
): SignedBatch {
  const { root, paths } = inclusionPaths(statements.map((statement) => leafHash(statement)));
  const message = batchMessage(fleet, head, root);
  return layOut(head, statements, paths, message, signer.sign(message));
}

/**
 * Checks a whole batch as its receiver: one signature for all statements.
 * @throws NODE_MISBEHAVED when the signature is not the member's
 */
export function openBatch(
  roster: FleetRoster,
  head: BatchHead,
  statements: readonly Bytes[],
  signature: Bytes,
  verifier: SignatureVerifier,
): SignedBatch {
  const { root, paths } = inclusionPaths(statements.map((statement) => leafHash(statement)));
  const message = batchMessage(roster, head, root);
  requireSignature(roster, head.node, message, signature, verifier);
  return layOut(head, statements, paths, message, signature);
}

function layOut(head: BatchHead, statements: readonly Bytes[], paths: readonly Bytes[][], message: Bytes, signature: Bytes): SignedBatch {
  const { node, incarnation, sequence, previous } = head;
  const signed = statements.map((statement, leafIndex) => ({
    node,
    incarnation,
    sequence,
    previous,
    statement,
    leafIndex,
    treeSize: statements.length,
    path: paths[leafIndex] ?? [],
    signature,
  }));
  return { hash: batchHash(message), signature, statements: signed };
}

/** @throws NODE_MISBEHAVED when path or signature do not hold */
export function verifySignedStatement(signed: SignedStatement, roster: FleetRoster, verifier: SignatureVerifier): void {
  const root = rootFromInclusionPath(leafHash(signed.statement), signed.leafIndex, signed.treeSize, signed.path);
  if (root === undefined) throw new VaultError('NODE_MISBEHAVED', 'the path does not lead to a root', { node: signed.node });
  requireSignature(roster, signed.node, batchMessage(roster, signed, root), signed.signature, verifier);
}

function requireSignature(roster: FleetRoster, node: number, message: Bytes, signature: Bytes, verifier: SignatureVerifier): void {
  if (!verifier.verify(memberKey(roster, node), message, signature)) {
    throw new VaultError('NODE_MISBEHAVED', `the batch is not signed by node ${node}`, { node });
  }
}
