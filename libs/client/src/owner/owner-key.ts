import { fromBase64url, nobleSigner, toBase64url, type Bytes, type RandomSource, type Signer } from '@strongroom/protocol';
import { z } from 'zod';
import { accountTag } from '../account/account-tag.js';
import type { DeviceStore } from '../device/device-store.js';

const stored = z.strictObject({ seed: z.string().length(43) });

/**
 * The owner key of one account on this device (PROTOCOL 5.3): signs registrations, deletions and cancellations, so that
 * they take effect at once. It opens nothing. The seed lives in the device store; copies in memory are wiped where the
 * platform allows it, and the signer keeps one while a call runs.
 */
export class OwnerKey {
  private readonly name: string;

  constructor(
    private readonly store: DeviceStore,
    uid: Bytes,
    private readonly random: RandomSource,
  ) {
    this.name = `owner-key.${accountTag(uid)}`;
  }

  /** Undefined on a device that has not registered this account. */
  async find(): Promise<Signer | undefined> {
    const text = await this.store.read(this.name);
    if (text === null) return undefined;
    const seed = fromBase64url(stored.parse(JSON.parse(text)).seed, 'seed');
    const signer = nobleSigner(seed);
    seed.fill(0);
    return signer;
  }

  /** The device's key, made and stored durably the first time: a record must never name a key that was lost. */
  async findOrCreate(): Promise<Signer> {
    const found = await this.find();
    if (found) return found;
    const seed = this.random.bytes(32);
    await this.store.write(this.name, JSON.stringify({ seed: toBase64url(seed) }));
    const signer = nobleSigner(seed);
    seed.fill(0);
    return signer;
  }

  forget(): Promise<void> {
    return this.store.remove(this.name);
  }
}
