import {
  EMPTY_ACCOUNT,
  VaultError,
  accountStatus,
  applyValue,
  encodeAccountStatement,
  encodeLogValue,
  encodeVote,
  firstRound,
  entryId,
  judgeValue,
  logValueHash,
  settledState,
  signBatch,
  spentAttempts,
  toHex,
  type AccountPolicy,
  type AccountState,
  type Bytes,
  type DecidedSet,
  type Entry,
  type LogValue,
  type SignedStatement,
} from '@strongroom/protocol';
import type { ExampleFleet, ExampleNode } from './example-fleet.js';
import { nativeVerifier } from './native-verifier.js';

const NO_HASH = new Uint8Array(32);

/** Specs only: one account's log as an honest fleet decides it, all nodes in step, every vote really signed. */
export class ExampleLog {
  state: AccountState = EMPTY_ACCOUNT;
  lastOk = 0;
  /** What was decided, the first at place 0. */
  readonly decided: { readonly value: LogValue; readonly encoded: Bytes }[] = [];
  /** By the index of the attempt. */
  readonly confirmations = new Map<number, Bytes>();
  private readonly sets = new Map<string, DecidedSet>();
  private sequence = 0;

  constructor(
    private readonly uid: Bytes,
    readonly policy: AccountPolicy,
  ) {}

  /** The set that decides the entry: the same one when it comes again. */
  submit(fleet: ExampleFleet, voters: readonly ExampleNode[], entry: Entry, nowMs: number): DecidedSet {
    const id = toHex(entryId(entry.core));
    const known = this.sets.get(id);
    if (known) return known;
    if (voters.length < fleet.roster.q) throw new VaultError('FLEET_UNAVAILABLE', 'too few nodes');
    const value: LogValue = { stampMs: nowMs, lastOk: this.lastOk, entry };
    const { roster } = fleet;
    const judging = { verifier: nativeVerifier, roster, lastOk: this.lastOk, nowMs, tokenExpired: false, freeChoice: true };
    const context = { policy: this.policy, ...judging };
    const refusal = judgeValue(this.state, value, context);
    if (refusal) throw refusal;
    this.state = applyValue(this.state, value, this.policy);
    const encoded = encodeLogValue(value);
    const set = { index: this.state.index, value: encoded, votes: voters.map((node) => this.vote(fleet, node, encoded, entry)) };
    this.sets.set(id, set);
    this.decided.push({ value, encoded });
    return set;
  }

  vote(
    fleet: ExampleFleet,
    node: ExampleNode,
    encoded: Bytes,
    { core }: Entry,
    changes: { readonly spent?: number } = {},
  ): SignedStatement {
    const recordHash = core.kind === 'register' ? core.recordHash : (this.state.active?.recordHash ?? NO_HASH);
    return this.sign(
      fleet,
      node,
      encodeVote({
        ...headOf(fleet, node),
        uid: this.uid,
        index: this.state.index,
        ballot: { round: firstRound(fleet.roster.epoch), node: 1, incarnation: 1 },
        valueHash: logValueHash(encoded),
        spent: spentAttempts(this.state, this.lastOk),
        lastOk: this.lastOk,
        recordHash,
        ...changes,
      }),
    );
  }

  statement(fleet: ExampleFleet, node: ExampleNode, nonce: Bytes, nowMs: number): SignedStatement {
    const settled = settledState(this.state, this.lastOk, nowMs, this.policy);
    return this.sign(
      fleet,
      node,
      encodeAccountStatement({
        ...headOf(fleet, node),
        uid: this.uid,
        index: settled.index,
        ver: settled.ver,
        activeVer: settled.active?.ver ?? 0,
        status: accountStatus(settled, this.lastOk, this.policy),
        recordHash: settled.active?.recordHash ?? NO_HASH,
        spent: spentAttempts(settled, this.lastOk),
        attempts: this.policy.attempts,
        lastOk: this.lastOk,
        pendingAtMs: settled.pending ? settled.pending.stampMs + this.policy.coolDownMs : 0,
        retryAtMs: 0,
        nonce,
      }),
    );
  }

  sign({ roster }: ExampleFleet, { index, identity }: ExampleNode, statement: Bytes): SignedStatement {
    const head = { node: index, incarnation: 1, sequence: ++this.sequence, previous: NO_HASH };
    const [signed] = signBatch(roster, head, [statement], identity).statements;
    if (!signed) throw new Error('a batch of one has one statement');
    return signed;
  }
}

export function headOf(
  { roster }: ExampleFleet,
  { index }: ExampleNode,
): { fleetId: string; epoch: number; node: number; incarnations: readonly number[] } {
  return { fleetId: roster.fleetId, epoch: roster.epoch, node: index, incarnations: roster.members.map(() => 1) };
}
