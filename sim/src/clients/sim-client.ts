import {
  combinePoints,
  combineScalars,
  evaluationMessage,
  finalize,
  identityStretcher,
  isSecretShare,
  memberKey,
  openRecord,
  openSecret,
  parseRecord,
  recordHash,
  signConfirmation,
  unwrapBackupKey,
  VaultError,
  equal,
  type Bytes,
  type Confirmation,
  type DecidedSet,
  type Entry,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';
import { nativeHpke } from '../../../apps/hsm-node/dist/keystore/native-hpke.js';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import type { SimAccount, SimAttempt, SimVersion } from './sim-account.js';
import type { SimGateway } from './sim-gateway.js';

/** What a client was told, for the observer: from then on it must hold. */
export interface ClientWatch {
  acknowledged(account: SimAccount, entry: Entry, set: DecidedSet): void;
  /** A confirmation exists: somebody with the right code has signed it. */
  signed(account: SimAccount, confirmation: Confirmation): void;
  confirmed(account: SimAccount, index: number): void;
  recovered(account: SimAccount, version: SimVersion, key: Bytes): void;
  codeJudged(account: SimAccount, attempt: SimAttempt, right: boolean): void;
}

/** An attempt whose code turned out right, not confirmed yet. */
export interface OpenedAttempt {
  readonly attempt: SimAttempt;
  readonly set: DecidedSet;
  readonly confirmation: Confirmation;
  readonly exportKey: Bytes;
}

const TRIES = 6;
const PAUSE_MS = 700;
const NOT_NOW: readonly string[] = ['FLEET_UNAVAILABLE', 'INTERNAL'];

/** An honest client: repeats the same bytes until it is answered, checks what it is told, signs what it found. */
export class SimClient {
  constructor(
    private readonly gateway: SimGateway,
    /** As the newest bundle says, with the epochs before. */
    private readonly fleet: () => Roster,
    private readonly verifier: SignatureVerifier,
    private readonly watch: ClientWatch,
  ) {}

  async register(account: SimAccount, version: SimVersion): Promise<DecidedSet> {
    return this.persist(async () => {
      const holders = await this.gateway.stage(version);
      if (holders < this.fleet().q) throw new VaultError('FLEET_UNAVAILABLE', 'too few nodes hold the version');
      return this.append(account, version.entry);
    });
  }

  submit(account: SimAccount, entry: Entry, first: number | null = null): Promise<DecidedSet> {
    return this.persist(() => this.append(account, entry, first));
  }

  /** @returns null when the code was wrong */
  async attempt(account: SimAccount, attempt: SimAttempt, first: number | null = null): Promise<OpenedAttempt | null> {
    const set = await this.submit(account, attempt.entry, first);
    return this.persist(() => this.open(account, attempt, set));
  }

  /** Confirms at all nodes; acknowledged once q of them have it durable. */
  async confirm(account: SimAccount, { attempt, set, confirmation, exportKey }: OpenedAttempt): Promise<void> {
    await this.persist(async () => {
      const roster = this.fleet();
      const released = await this.gateway.confirm(confirmation, set);
      if (released.length >= roster.q) this.watch.confirmed(account, set.index);
      const shares: { index: number; scalar: Bytes }[] = [];
      for (const { node, sealedSecret } of released) {
        for (const { fleetId, epoch } of epochsOf(roster)) {
          const context = { fleetId, epoch, node, uid: account.uid, ver: attempt.core.ver, index: set.index, attemptId: attempt.id };
          const scalar = await openSecret(nativeHpke, attempt.ephemeral, sealedSecret, context).catch(onlyInvalid);
          if (scalar !== null && isSecretShare(attempt.version.record, node, scalar)) shares.push({ index: node, scalar });
        }
      }
      if (shares.length < roster.t) throw new VaultError('FLEET_UNAVAILABLE', 'too few secrets were released');
      const secret = combineScalars(shares.slice(0, roster.t));
      this.watch.recovered(account, attempt.version, unwrapBackupKey(attempt.version.record, exportKey.slice(), secret));
      if (released.length < roster.q) throw new VaultError('FLEET_UNAVAILABLE', 'the confirmation is not safe yet');
    });
  }

  private async append(account: SimAccount, entry: Entry, first: number | null = null): Promise<DecidedSet> {
    const set = await this.gateway.submit(entry, first);
    this.watch.acknowledged(account, entry, set);
    return set;
  }

  private async open(account: SimAccount, attempt: SimAttempt, set: DecidedSet): Promise<OpenedAttempt | null> {
    const roster = this.fleet();
    const { version, core, id } = attempt;
    const evaluations = await this.gateway.evaluate(account.uid, id, set);
    // Evaluations of one epoch only are combined (PROTOCOL 7.5).
    const byEpoch = epochsOf(roster).map((fleet) =>
      evaluations.flatMap(({ node, evaluation, record, signature }) => {
        const hash = recordHash(parseRecord(record));
        const context = { fleetId: fleet.fleetId, epoch: fleet.epoch, node, uid: core.uid, ver: core.ver, index: set.index, attemptId: id };
        const signed = this.verifier.verify(memberKey(fleet, node), evaluationMessage(context, hash, evaluation), signature);
        return signed && equal(hash, version.hash) ? [{ index: node, point: evaluation.subarray(0, 32) }] : [];
      }),
    );
    const points = byEpoch.find(({ length }) => length >= roster.t);
    if (points === undefined) throw new VaultError('FLEET_UNAVAILABLE', 'too few nodes have evaluated');
    const output = finalize(attempt.input, attempt.blind, combinePoints(points.slice(0, roster.t)));
    const opened = await openRecord(version.record, output, identityStretcher).catch(onlyWrongCode);
    this.watch.codeJudged(account, attempt, opened !== null);
    if (opened === null) return null;
    const confirmed = { uid: core.uid, ver: core.ver, index: set.index, attemptId: id };
    const confirmation = { ...confirmed, signature: signConfirmation(opened.confirmSigner, { ...confirmed, fleetId: core.fleetId }) };
    this.watch.signed(account, confirmation);
    return { attempt, set, confirmation, exportKey: opened.exportKey };
  }

  private async persist<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof VaultError) || !NOT_NOW.includes(error.code) || tried === TRIES) throw error;
        await new Promise<void>((resolve) => void setTimeout(resolve, PAUSE_MS * tried));
      }
    }
  }
}

function epochsOf(roster: Roster): readonly FleetRoster[] {
  return [roster, ...(roster.earlier ?? [])];
}

function onlyInvalid(error: unknown): null {
  if (error instanceof VaultError && error.code === 'REQUEST_INVALID') return null;
  throw error;
}

function onlyWrongCode(error: unknown): null {
  if (error instanceof VaultError && error.code === 'CODE_WRONG') return null;
  throw error;
}
