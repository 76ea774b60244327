import { attemptEvaluate } from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import {
  combinePoints,
  entryId,
  equal,
  guessBound,
  lastOkOf,
  parseLogValue,
  toHex,
  type Bytes,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { SodiumGroup } from '../../../apps/hsm-node/dist/evaluation/sodium-group.js';
import type { SimMachine } from '../node/sim-machine.js';
import { faultOfSet } from './decided-rules.js';
import type { AccountLedger, Ledger, SeenAttempt } from './ledger.js';
import type { SecrecyRules } from './secrecy-rules.js';

type Accuse = (rule: string, story: string) => void;

export interface EvaluationOptions {
  readonly roster: FleetRoster;
  readonly group: SodiumGroup;
  readonly verifier: SignatureVerifier;
  readonly ledger: Ledger;
  /** Nodes whose share the attacker has. */
  readonly corrupt: ReadonlySet<number>;
  readonly nowMs: () => number;
}

/** Pools every evaluation that ever left a node, delivered or not, and counts the guesses that t of them make (I1). */
export class EvaluationRules {
  /** Distinct attempts that the pool answers. */
  obtained = 0;

  constructor(
    private readonly options: EvaluationOptions,
    private readonly secrecy: Pick<SecrecyRules, 'proved'>,
    private readonly accuse: Accuse,
  ) {}

  served(machine: SimMachine, request: Bytes, response: Bytes): void {
    const { roster, verifier, ledger, nowMs } = this.options;
    const { uid, attemptId } = decodeMessage(request, attemptEvaluate.maxBytes, attemptEvaluate.request);
    const { decided, evaluation } = decodeMessage(response, attemptEvaluate.maxBytes, attemptEvaluate.response);
    const account = ledger.of(uid);
    const seen = account.attempts.get(toHex(attemptId));
    const who = `node ${machine.self}`;
    if (seen === undefined) return this.accuse('6.2', `${who} evaluated an attempt that nobody has made`);
    const fault = faultOfSet(decided, uid, roster, verifier);
    if (fault !== null) this.accuse('6.2', `${who} evaluated attempt ${decided.index} on a set that decides nothing: ${fault}`);
    const { core } = parseLogValue(decided.value, () => true).entry;
    if (!equal(entryId(core), attemptId)) this.accuse('6.2', `${who} evaluated another attempt than the one its set decides`);
    const node = machine.running?.node;
    if (node && decided.index < lastOkOf(node.engine.account(uid)))
      this.accuse('6.2', `${who} evaluated attempt ${decided.index}, which a later confirmed one overtook`);
    const pendingUntilMs = account.pendingUntilMs.get(core.ver) ?? 0;
    if (nowMs() + machine.skewMs < pendingUntilMs) this.accuse('5.3', `${who} evaluated with version ${core.ver}, which is still pending`);
    seen.index = decided.index;
    this.takePoint(account, seen, machine.self, evaluation);
  }

  private takePoint(account: AccountLedger, seen: SeenAttempt, node: number, evaluation: Bytes): void {
    const { group, roster, corrupt } = this.options;
    const { version, core } = seen.attempt;
    const share = version.shares[node - 1] ?? new Uint8Array(32);
    const point = evaluation.subarray(0, 32);
    this.secrecy.proved(node, share, evaluation.subarray(32));
    if (!equal(point, group.multiply(core.blinded, share)))
      this.accuse('6.2', `node ${node} evaluated something else than k_i B of attempt ${seen.index}`);
    const before = seen.points.size;
    seen.points.set(node, point);
    const needed = roster.t - corrupt.size;
    if (before === seen.points.size || seen.points.size !== needed) return;
    this.obtained += 1;
    if (this.obtained % 4 === 1) this.combine(seen);
    this.count(account, seen.index);
  }

  /** What the attacker really gets: t evaluations, its own among them, combine to kB. */
  private combine({ attempt, points }: SeenAttempt): void {
    const { group, corrupt } = this.options;
    const { core, version } = attempt;
    const own = [...corrupt].map((index) => ({
      index,
      point: group.multiply(core.blinded, version.shares[index - 1] ?? new Uint8Array(32)),
    }));
    const combined = combinePoints([...own, ...[...points].map(([index, point]) => ({ index, point }))]);
    if (!equal(combined, group.multiply(core.blinded, version.key))) this.accuse('6', 't evaluations do not combine to kB');
  }

  private count(account: AccountLedger, index: number): void {
    const { roster, corrupt } = this.options;
    const bound = guessBound(roster, corrupt.size);
    const from = account.budgetOf(index);
    const same = [...account.attempts.values()].filter(
      ({ points, index: other }) => points.size >= roster.t - corrupt.size && account.budgetOf(other) === from,
    );
    if (bound !== null && same.length > bound)
      this.accuse(
        'I1',
        `${same.length} distinct guesses at account ${account.account.name} are answered within one budget, ${bound} are allowed`,
      );
  }
}
