import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import type { SignatureVerifier } from '../keys/signature.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import type { ReshareCore } from './entry-core.js';

/** What a refresh turns into what, at which place of the account's log. */
export type ReshareSubject = Pick<ReshareCore, 'fleetId' | 'uid' | 'ver' | 'epoch' | 'index' | 'before' | 'beforeSharing' | 'recordHash'>;

/**
 * What a node signs when its share of the new sharing is checked and durable beside the old one: label "reshare-held",
 * lv(fleetId), u32 epoch, u8 node, uid, u32 ver, u32 index, H(before), sharingHash(before), H(after). It keeps that share
 * until the index is decided.
 */
export function reshareHeldMessage(subject: ReshareSubject, node: number): Bytes {
  const { fleetId, uid, ver, epoch, index, before, beforeSharing, recordHash } = subject;
  const writer = ByteWriter.labelled('reshare-held').text(fleetId).u32(epoch).u8(node).raw(uid).u32(ver).u32(index);
  return writer.raw(before).raw(beforeSharing).raw(recordHash).bytes();
}

/**
 * Whether every member holds its new share by its own word. All of them, because 2t - 1 >= n: were one missing, t - 1
 * liars could sign for shares that they do not hold, and fewer than t would be left once the old ones are erased.
 */
export function isHeldByAll(core: ReshareCore, roster: FleetRoster, verifier: SignatureVerifier): boolean {
  const { held } = core;
  if (held.length !== roster.n || roster.epoch !== core.epoch) return false;
  return roster.members.every(({ identityKey }, i) => {
    const signature = held[i];
    return signature !== undefined && verifier.verify(identityKey, reshareHeldMessage(core, i + 1), signature);
  });
}
