import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, toHex, type Bytes } from '@strongroom/protocol';

/** 16 hexadecimal digits that tell accounts apart in the names of a device store without being the account id. */
export function accountTag(uid: Bytes): string {
  return toHex(sha256(ByteWriter.labelled('device').raw(uid).bytes()).subarray(0, 8));
}
