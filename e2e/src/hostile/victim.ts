import { mintDevelopmentToken, nodeSigner, SystemRandom } from '@strongroom/platform';
import {
  attemptId,
  encodeEntry,
  nobleGroup,
  randomScalar,
  signEntry,
  type AttemptCore,
  type Bytes,
  type EntryCore,
  type Signer,
} from '@strongroom/protocol';
import { freshAccount, type TestDevice, type TestFleet } from '@strongroom/testing';

export const RIGHT = 'correct horse 42';
export const random: SystemRandom = new SystemRandom();

/** An account with a record, and what its own device can make. */
export class Victim {
  private constructor(
    private readonly fleet: TestFleet,
    readonly device: TestDevice,
    readonly backupKey: Bytes,
  ) {}

  static async protect(fleet: TestFleet, account: string = freshAccount('victim')): Promise<Victim> {
    const victim = new Victim(fleet, fleet.device(account), random.bytes(32));
    await victim.device.client.protect(victim.backupKey, RIGHT);
    return victim;
  }

  get uid(): Bytes {
    return this.device.uid;
  }

  async attemptsLeft(): Promise<number> {
    return (await this.device.client.status()).attemptsLeft;
  }

  /** Whether another device gets the backup key back with the right code. */
  async recovers(): Promise<boolean> {
    const { backupKey } = await this.fleet.device(this.device.account).client.recover(RIGHT);
    return Buffer.from(backupKey.reveal()).equals(this.backupKey);
  }

  /** An attempt on a random point, as a gateway would carry it. */
  attempt(changes: Partial<AttemptCore> = {}): AttemptCore {
    return {
      kind: 'attempt',
      fleetId: this.fleet.stack.fleet.fleetId,
      uid: this.uid,
      ver: 1,
      blinded: nobleGroup.multiplyBase(randomScalar(random)),
      ephemeralKey: oneTimeKey(),
      bindingKey: this.device.bindingKey.publicKey,
      nonce: random.bytes(16),
      ...changes,
    };
  }

  /** The entry of a core, signed by the account's own key and with a token of its own unless told otherwise. */
  async entry(core: EntryCore, { signer = this.device.bindingKey, token, signature }: Vouching = {}): Promise<Bytes> {
    const signed = signEntry(core, signer, null);
    return encodeEntry({
      core,
      signature: signature ?? signed.signature,
      ownerSignature: null,
      token: token ?? (await this.device.token()),
    });
  }
}

/** Who vouches for an entry, where it is not the account itself. */
export interface Vouching {
  readonly signer?: Signer;
  readonly token?: string;
  readonly signature?: Bytes;
}

export interface MadeAttempt {
  readonly core: AttemptCore;
  readonly id: Bytes;
  readonly entry: Bytes;
}

export async function newAttempt(victim: Victim, changes: Partial<AttemptCore> = {}): Promise<MadeAttempt> {
  const core = victim.attempt(changes);
  return { core, id: attemptId(core), entry: await victim.entry(core) };
}

/** An X25519 public key: u coordinates have 255 bits. */
function oneTimeKey(): Bytes {
  return random.bytes(32).map((byte, i) => (i === 31 ? byte & 0x7f : byte));
}

export function stranger(): Signer {
  return nodeSigner(random.bytes(32));
}

/** A token of the issuer that the fleet knows. */
export function tokenOf(sub: string, key: Signer, ttlMs = 3_600_000): Promise<string> {
  return mintDevelopmentToken({ sub, bindingKey: key.publicKey, nowMs: Date.now(), ttlMs });
}

export function flipped(bytes: Bytes, at = bytes.length - 1): Bytes {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}
