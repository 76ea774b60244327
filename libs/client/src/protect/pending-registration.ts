import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { registerRequest } from '@strongroom/contracts';
import { ByteWriter, fromBase64url, parseEntryCore, toHex, utf8, type Bytes, type RegisterCore } from '@strongroom/protocol';
import { z } from 'zod';
import { accountTag } from '../account/account-tag.js';
import type { DeviceStore } from '../device/device-store.js';

const stored = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  epoch: z.int().min(1),
  /** Whether a version was alive that only its owner replaces at once. */
  living: z.boolean(),
  request: registerRequest,
});

/** A registration that is ready to send, or was sent and not answered. It holds sealed shares and no secret. */
export interface PreparedRegistration extends z.infer<typeof stored> {
  readonly core: RegisterCore;
}

/**
 * Says whether an unanswered registration was made from this backup key and this code, so that a retry after a crash
 * sends the same entry again. HMAC under the backup key: without the key it says nothing about the code.
 */
export function fingerprintOf(backupKey: Bytes, code: string, uid: Bytes): string {
  const message = ByteWriter.labelled('pending')
    .raw(uid)
    .lv(utf8(code.normalize('NFKC')))
    .bytes();
  const fingerprint = toHex(hmac(sha256, backupKey, message));
  message.fill(0);
  return fingerprint;
}

/** The one unanswered registration of an account on this device: saved before it is sent, removed when it is decided. */
export class PendingRegistration {
  private readonly name: string;

  constructor(
    private readonly store: DeviceStore,
    uid: Bytes,
  ) {
    this.name = `pending.${accountTag(uid)}`;
  }

  async find(): Promise<PreparedRegistration | undefined> {
    const text = await this.store.read(this.name);
    if (text === null) return undefined;
    const pending = stored.parse(JSON.parse(text));
    const core = parseEntryCore(fromBase64url(pending.request.entry.core, 'core'));
    return core.kind === 'register' ? { ...pending, core } : undefined;
  }

  save({ fingerprint, epoch, living, request }: PreparedRegistration): Promise<void> {
    return this.store.write(this.name, JSON.stringify({ fingerprint, epoch, living, request }));
  }

  remove(): Promise<void> {
    return this.store.remove(this.name);
  }
}
