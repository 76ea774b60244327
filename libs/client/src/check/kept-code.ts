import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ByteWriter, equalSecret, fromBase64url, invalid, toBase64url, utf8, type Argon2idCost, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';
import { accountTag } from '../account/account-tag.js';
import type { CallContext } from '../call/call-context.js';

/** RFC 9106's second recommended choice, on one lane. */
const COST: Argon2idCost = { kind: 'argon2id', memoryKib: 65_536, iterations: 3, parallelism: 1 };

const DAY_MS = 86_400_000;
/** The first question comes early, when a slip can still be mended from memory; then ever more seldom. */
const DAYS_UNTIL_ASKED = [1, 3, 7, 14, 30, 90] as const;

const stored = z.strictObject({
  fleetId: z.string().min(1),
  version: z.int().min(1),
  /** 16 bytes. */
  salt: z.string().length(22),
  /** 32 bytes: tells another backup key from a wrong code. */
  keyTag: z.string().length(43),
  /** 32 bytes. */
  codeTag: z.string().length(43),
  /** When the person last typed the code, or a wrong one. */
  askedAtMs: z.int().min(0),
  rightInARow: z.int().min(0),
});

/** Which record: versions count in each fleet anew. */
export interface KeptVersion {
  readonly fleetId: string;
  readonly version: number;
}

/** A code that is known to be right for a version, and the key that it brings back. */
export interface KnownCode extends KeptVersion {
  readonly code: string;
  /** 32 bytes, secret. */
  readonly backupKey: Bytes;
}

/**
 * What tells on this device whether a code is right:
 *
 *     stretched = Argon2id(SHA-512(label || salt || uid || lv(NFKC(code))))
 *     keyTag || codeKey = HKDF-SHA-256(backup key, salt, label || uid || lv(fleetId) || u32 version)
 *     codeTag = HMAC-SHA-256(codeKey, stretched)
 *
 * Without the backup key both tags are 32 random bytes, so a thief of the device store learns nothing and can test no code.
 * With the backup key each guess costs one Argon2id.
 */
export class KeptCode {
  private readonly name: string;

  constructor(private readonly context: CallContext) {
    this.name = `code-check.${accountTag(context.uid)}`;
  }

  async save({ fleetId, version, code, backupKey }: KnownCode): Promise<void> {
    const salt = this.context.random.bytes(16);
    const { keyTag, codeKey } = this.keysOf(backupKey, salt, { fleetId, version });
    const codeTag = toBase64url(await this.tagOf(code, salt, codeKey));
    const asked = { askedAtMs: this.context.clock.nowMs(), rightInARow: 0 };
    await this.write({ fleetId, version, salt: toBase64url(salt), keyTag: toBase64url(keyTag), codeTag, ...asked });
  }

  /** @returns undefined when nothing was kept under this backup key */
  async compare(code: string, backupKey: Bytes): Promise<(KeptVersion & { readonly isRight: boolean }) | undefined> {
    const kept = await this.read();
    if (kept === undefined) return undefined;
    const salt = fromBase64url(kept.salt, 'salt');
    const { keyTag, codeKey } = this.keysOf(backupKey, salt, kept);
    if (!equalSecret(keyTag, fromBase64url(kept.keyTag, 'keyTag'))) {
      codeKey.fill(0);
      return undefined;
    }
    const codeTag = await this.tagOf(code, salt, codeKey);
    return { fleetId: kept.fleetId, version: kept.version, isRight: equalSecret(codeTag, fromBase64url(kept.codeTag, 'codeTag')) };
  }

  /** Remembers how a person answered, for the next question. */
  async answered(isRight: boolean): Promise<void> {
    const kept = await this.read();
    if (kept === undefined) return;
    await this.write({ ...kept, askedAtMs: this.context.clock.nowMs(), rightInARow: isRight ? kept.rightInARow + 1 : 0 });
  }

  /** Milliseconds since 1970; undefined when nothing is kept. */
  async dueAtMs(): Promise<number | undefined> {
    const kept = await this.read();
    if (kept === undefined) return undefined;
    const days = DAYS_UNTIL_ASKED[Math.min(kept.rightInARow, DAYS_UNTIL_ASKED.length - 1)] ?? 0;
    return kept.askedAtMs + days * DAY_MS;
  }

  remove(): Promise<void> {
    return this.context.device.remove(this.name);
  }

  private async read(): Promise<z.infer<typeof stored> | undefined> {
    const text = await this.context.device.read(this.name);
    return text === null ? undefined : stored.parse(JSON.parse(text));
  }

  private write(kept: z.infer<typeof stored>): Promise<void> {
    return this.context.device.write(this.name, JSON.stringify(kept));
  }

  private keysOf(backupKey: Bytes, salt: Bytes, { fleetId, version }: KeptVersion): { readonly keyTag: Bytes; readonly codeKey: Bytes } {
    if (backupKey.length !== 32) throw invalid('backupKey', 'is not 32 bytes');
    const info = ByteWriter.labelled('code-check-keys').raw(this.context.uid).text(fleetId).u32(version).bytes();
    const both = hkdf(sha256, backupKey, salt, info, 64);
    return { keyTag: both.subarray(0, 32), codeKey: both.subarray(32) };
  }

  /** Wipes what it makes of the code, and the key. */
  private async tagOf(code: string, salt: Bytes, codeKey: Bytes): Promise<Bytes> {
    const { context } = this;
    const message = ByteWriter.labelled('code-check')
      .raw(salt)
      .raw(context.uid)
      .lv(utf8(code.normalize('NFKC')))
      .bytes();
    const input = sha512(message);
    message.fill(0);
    context.onStep('stretching');
    try {
      const stretched = await context.stretcher.argon2id(input, COST, context.deadline.signal);
      const tag = hmac(sha256, codeKey, stretched);
      stretched.fill(0);
      return tag;
    } finally {
      input.fill(0);
      codeKey.fill(0);
    }
  }
}
