import { mintDevelopmentToken } from '@strongroom/platform';
import { attemptId, signEntry, toHex, type AttemptCore, type Bytes, type HpkeKeyPair, type RandomSource } from '@strongroom/protocol';
import sodium from 'libsodium-wrappers-sumo';
import { toEntryJson } from './entry-json.js';
import type { RegisteredAccount } from './registered-accounts.js';
import type { VerifiedFleet } from './verified-fleet.js';

/** One attempt, ready to be sent: nothing of it depends on an answer. */
export interface PreparedAttempt {
  readonly account: RegisteredAccount;
  readonly core: AttemptCore;
  readonly id: Bytes;
  readonly confirmPath: string;
  /** r, to open the answer with. */
  readonly blind: Bytes;
  /** E with its private key. */
  readonly ephemeral: HpkeKeyPair;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes attempts as a client does, with libsodium instead of BigInts and a fresh token for each. */
export class AttemptMaker {
  private constructor(
    private readonly fleet: VerifiedFleet,
    private readonly random: RandomSource,
    private readonly nowMs: () => number,
  ) {}

  static async load(fleet: VerifiedFleet, random: RandomSource, nowMs: () => number): Promise<AttemptMaker> {
    await sodium.ready;
    return new AttemptMaker(fleet, random, nowMs);
  }

  async make(account: RegisteredAccount): Promise<PreparedAttempt> {
    const { sub, uid, ver, bindingKey, inputPoint } = account;
    const blind = sodium.crypto_core_ristretto255_scalar_random();
    const { publicKey, privateKey } = sodium.crypto_box_keypair();
    const core: AttemptCore = {
      kind: 'attempt',
      fleetId: this.fleet.roster.fleetId,
      uid,
      ver,
      blinded: sodium.crypto_scalarmult_ristretto255(blind, inputPoint),
      ephemeralKey: publicKey,
      bindingKey: bindingKey.publicKey,
      nonce: this.random.bytes(16),
    };
    const id = attemptId(core);
    const token = await mintDevelopmentToken({ sub, bindingKey: bindingKey.publicKey, nowMs: this.nowMs() });
    return {
      account,
      core,
      id,
      confirmPath: `/v1/attempts/${toHex(id)}/confirm`,
      blind,
      ephemeral: { publicKey, privateKey },
      headers: { authorization: `Bearer ${token}`, 'strongroom-bundle': this.fleet.digest },
      body: JSON.stringify({ entry: toEntryJson(signEntry(core, bindingKey, null)) }),
    };
  }
}

/** Attempts that wait to be sent, by account in turn, so that no account has two under way. */
export class AttemptPool {
  private next = 0;
  private late = 0;
  private readonly busy = new Set<RegisteredAccount>();

  constructor(
    private readonly accounts: readonly RegisteredAccount[],
    private readonly ready: ReadonlyMap<RegisteredAccount, PreparedAttempt[]>,
    private readonly maker: AttemptMaker,
  ) {}

  /** How many had to be made while the load ran. */
  get madeLate(): number {
    return this.late;
  }

  /** An attempt of the next account that has none under way; `done` frees the account. */
  async take(): Promise<PreparedAttempt> {
    const account = this.nextFree();
    this.busy.add(account);
    const prepared = this.ready.get(account)?.pop();
    if (prepared !== undefined) return prepared;
    this.late += 1;
    return this.maker.make(account);
  }

  done(attempt: PreparedAttempt): void {
    this.busy.delete(attempt.account);
  }

  private nextFree(): RegisteredAccount {
    for (let tried = 0; tried < this.accounts.length; tried++) {
      const account = this.accounts[this.next++ % this.accounts.length];
      if (account !== undefined && !this.busy.has(account)) return account;
    }
    throw new RangeError('every account has an attempt under way');
  }
}
