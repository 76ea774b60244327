import type { repairSessionSchema } from '@strongroom/contracts';
import { ByteWriter, type Bytes } from '@strongroom/protocol';
import { createHash } from 'node:crypto';
import type { z } from 'zod';

export type RepairSession = z.output<typeof repairSessionSchema>;

/** What the target signs: it names the fleet, the epoch, the share and who helps (PROTOCOL 7.7). */
export function repairRequestMessage({ fleetId, epoch, target, helpers, uid, recordHash, replyKey, nonce }: RepairSession): Bytes {
  const writer = ByteWriter.labelled('repair-request').text(fleetId).u32(epoch).u8(target).u8(helpers.length);
  for (const helper of helpers) writer.u8(helper);
  return writer.raw(uid).raw(recordHash).raw(replyKey).raw(nonce).bytes();
}

/** SHA-256 of the request: what one helper deals in one session is of no use in another. */
export function sessionId(session: RepairSession): Bytes {
  return createHash('sha256').update(repairRequestMessage(session)).digest();
}

/** HPKE info of a summand, and of a sum with the target as `to`. */
export function partInfo(use: 'repair-part' | 'repair-sum', id: Bytes, from: number, to: number): Bytes {
  return ByteWriter.labelled(use).raw(id).u8(from).u8(to).bytes();
}

/** What `from` signs of what it sealed. */
export function partMessage(use: 'repair-part' | 'repair-sum', id: Bytes, from: number, to: number, sealed: Bytes): Bytes {
  return ByteWriter.labelled(`${use}-signed`).raw(id).u8(from).u8(to).raw(sealed).bytes();
}
