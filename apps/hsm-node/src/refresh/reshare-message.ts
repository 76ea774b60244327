import type { reshareDealSchema, reshareSessionSchema } from '@strongroom/contracts';
import { ByteWriter, type Bytes } from '@strongroom/protocol';
import { createHash } from 'node:crypto';
import type { z } from 'zod';

export type ReshareSession = z.output<typeof reshareSessionSchema>;
export type ReshareDeal = z.output<typeof reshareDealSchema>;

/** What the coordinator signs: everything said in the session is bound to it (PROTOCOL 7.8). */
export function reshareSessionMessage(session: ReshareSession): Bytes {
  const { fleetId, epoch, coordinator, dealers, uid, ver, index, before, nonce } = session;
  const writer = ByteWriter.labelled('reshare-session').text(fleetId).u32(epoch).u8(coordinator).u8(dealers.length);
  for (const dealer of dealers) writer.u8(dealer);
  return writer.raw(uid).u32(ver).u32(index).raw(before).raw(nonce).bytes();
}

/** SHA-256 of the session: what is dealt in one is of no use in another. */
export function reshareSessionId(session: ReshareSession): Bytes {
  return createHash('sha256').update(reshareSessionMessage(session)).digest();
}

/** What a node signs of the key that it made for the session. */
export function reshareKeyMessage(id: Bytes, node: number, key: Bytes): Bytes {
  return ByteWriter.labelled('reshare-key').raw(id).u8(node).raw(key).bytes();
}

/** HPKE info of a part. */
export function resharePartInfo(id: Bytes, from: number, to: number): Bytes {
  return ByteWriter.labelled('reshare-part').raw(id).u8(from).u8(to).bytes();
}

/** What a dealer signs: a part that does not hold is evidence against it. */
export function reshareDealMessage(id: Bytes, { dealer, keyCommitments, secretCommitments, parts }: Omit<ReshareDeal, 'signature'>): Bytes {
  const writer = ByteWriter.labelled('reshare-deal')
    .raw(id)
    .u8(dealer)
    .u8(keyCommitments.length)
    .u8(secretCommitments.length)
    .u8(parts.length);
  for (const bytes of [...keyCommitments, ...secretCommitments, ...parts]) writer.raw(bytes);
  return writer.bytes();
}
