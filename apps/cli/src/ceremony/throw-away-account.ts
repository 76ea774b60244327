import { VaultClient, systemRandom, type DeviceStore, type Fetch, type VaultClientOptions } from '@strongroom/client';
import {
  checkAnswer,
  fromBase64url,
  parseAccountStatement,
  toBase64url,
  toHex,
  VaultError,
  type Bytes,
  type FleetRoster,
  type RandomSource,
} from '@strongroom/protocol';
import { until } from '@strongroom/stack';
import type { KnownAnswer, KnownAnswerName } from '@strongroom/transparency';
import { Recorder } from './recorder.js';

export type AccountParts = Omit<VaultClientOptions, 'fetch' | 'random' | 'deviceStore'> & {
  readonly deviceStore: DeviceStore;
  readonly fetch?: Fetch;
};

export type Question = {
  readonly name: KnownAnswerName;
  /** 32 bytes that the nodes have to sign. */
  readonly nonce: Bytes;
  readonly absent: readonly number[];
  readonly roster: FleetRoster;
  readonly timeoutMs: number;
};

const CODE_FILE = 'throw-away-code';

/**
 * An account that protects nothing: a random key under a random code. Both lie with the ceremony's files until it has
 * ended, so that it can go on after a crash; neither is ever part of a statement.
 */
export class ThrowAwayAccount {
  constructor(private readonly parts: AccountParts) {}

  /**
   * Asks the fleet, and checks its answer as every reader will.
   * @throws NODE_MISBEHAVED, REQUEST_INVALID when the answer does not hold; RATE_LIMITED with `retryAtMs` when nodes make it
   * wait; CONFLICT when new records go to another fleet
   */
  async ask(question: Question): Promise<KnownAnswer> {
    const code = await this.code();
    await this.protectOnce(code, question.roster.fleetId);
    const recorder = new Recorder(this.parts.fetch ?? ((url, init) => fetch(url, init)));
    if (question.name === 'lock') await this.lock(recorder);
    else await this.attempt(recorder, question.name === 'wrong-code' ? wrong(code) : code, question.name);
    const attempts = question.name === 'lock' || !recorder.attempt ? [] : [recorder.attempt];
    // A node may store the confirmation a moment after the client was told: what q say is asked for until they agree.
    return until(
      async () => {
        await this.client(recorder, question.nonce).status();
        const [first] = recorder.views;
        if (!first) return undefined;
        const account = toHex(parseAccountStatement(fromBase64url(first.statement, 'statement')).uid);
        const answer: KnownAnswer = { absent: question.absent, account, attempts, name: question.name, views: recorder.views };
        checkAnswer({ answer, roster: question.roster, nonce: question.nonce }, this.verifier);
        return answer;
      },
      { what: `the nodes to say what ${question.name} demands`, timeoutMs: question.timeoutMs, everyMs: 200 },
    );
  }

  /** Deletes its record and its code; a second time asks nobody. */
  async forget(): Promise<void> {
    if ((await this.parts.deviceStore.read(CODE_FILE)) === null) return;
    const { status } = await this.client().status();
    if (status === 'active') await this.client().forget();
    await this.parts.deviceStore.remove(CODE_FILE);
  }

  private get verifier(): NonNullable<VaultClientOptions['verifier']> {
    const { verifier } = this.parts;
    if (!verifier) throw new VaultError('INTERNAL', 'the account has no verifier');
    return verifier;
  }

  private async code(): Promise<string> {
    const kept = await this.parts.deviceStore.read(CODE_FILE);
    if (kept !== null) return kept;
    const code = toBase64url(systemRandom.bytes(18));
    await this.parts.deviceStore.write(CODE_FILE, code);
    return code;
  }

  private async protectOnce(code: string, fleetId: string): Promise<void> {
    const before = await this.client().status();
    if (before.status !== 'none' && before.status !== 'deleted') {
      if (before.fleetId === fleetId) return;
      throw new VaultError('CONFLICT', `the throw-away account is in fleet ${before.fleetId}`, { field: 'account' });
    }
    const key = systemRandom.bytes(32);
    try {
      const { fleetId: where } = await this.client().protect(key, code);
      if (where === fleetId) return;
      throw new VaultError('CONFLICT', `new records go to fleet ${where}: set it draining before ${fleetId} is tested`, {
        field: 'fleetId',
      });
    } finally {
      key.fill(0);
    }
  }

  private async attempt(recorder: Recorder, code: string, name: KnownAnswerName): Promise<void> {
    try {
      const { backupKey } = await this.client(recorder).recover(code);
      backupKey.wipe();
      if (name === 'wrong-code') throw new VaultError('NODE_MISBEHAVED', 'the fleet opened the record with a wrong code');
    } catch (error) {
      if (name !== 'wrong-code' || !(error instanceof VaultError) || error.code !== 'CODE_WRONG') throw error;
    }
  }

  /** Wrong codes until q nodes say that none is left; what they have counted they keep, so this goes on after a pause. */
  private async lock(recorder: Recorder): Promise<void> {
    const code = wrong(await this.code());
    while ((await this.client().status()).status !== 'locked') {
      try {
        await this.attempt(recorder, code, 'wrong-code');
      } catch (error) {
        if (!(error instanceof VaultError) || error.code !== 'RECORD_LOCKED') throw error;
      }
    }
  }

  private client(recorder?: Recorder, nonce?: Bytes): VaultClient {
    const random: RandomSource = { bytes: (length) => (nonce && length === nonce.length ? nonce.slice() : systemRandom.bytes(length)) };
    return new VaultClient({ ...this.parts, ...(recorder && { fetch: recorder.fetch }), random });
  }
}

/** Another code of the same length. */
function wrong(code: string): string {
  return [...code].reverse().join('') === code ? `${code}x` : [...code].reverse().join('');
}
