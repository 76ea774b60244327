import {
  attemptConfirm,
  attemptEvaluate,
  batchBroadcast,
  nodeReady,
  nodeRollbackDetected,
  peerClosed,
  peerRejoin,
  recordErased,
} from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import { agreesDespite, countedAttempts, lastOkOf, type AccountPolicy, type Bytes, type DecidedSet } from '@strongroom/protocol';
import { AccountRows } from '../../../apps/hsm-node/dist/log/account-rows.js';
import type { StoreWrite } from '../../../apps/hsm-node/dist/storage/node-store.js';
import type { BusEar } from '../network/sim-bus.js';
import type { MachineWatch, SimMachine } from '../node/sim-machine.js';
import { faultOfSet, valueName } from './decided-rules.js';
import { EpochRules } from './epoch-rules.js';
import { EraseRules } from './erase-rules.js';
import { EvaluationRules, type EvaluationOptions } from './evaluation-rules.js';
import { confirmationName } from './ledger.js';
import { ProposalRules } from './proposal-rules.js';
import { SecrecyRules } from './secrecy-rules.js';
import { ShareHistory } from './share-history.js';
import { SpokenRules } from './spoken-rules.js';
import { BROKEN_CODE, Violation } from './violation.js';

export interface ObserverOptions extends EvaluationOptions {
  readonly machines: readonly SimMachine[];
  readonly policy: AccountPolicy;
  /** Nodes whose disk was damaged: they may refuse to start. */
  readonly damaged: ReadonlySet<number>;
  readonly note: (line: string) => void;
}

const nameOf = ({ capability, verb }: { readonly capability: string; readonly verb: string }): string => `${capability}.${verb}`;
const EVALUATE = nameOf(attemptEvaluate);
const CONFIRM = nameOf(attemptConfirm);
const REJOIN = nameOf(peerRejoin);
const CLOSED = nameOf(peerClosed);

/** Sees every message and every disk, pools what an attacker could, and checks the rules with each of them. */
export class Observer implements BusEar, MachineWatch {
  violation: Violation | null = null;
  readonly spoken: SpokenRules;
  readonly proposals: ProposalRules;
  readonly epochs: EpochRules;
  readonly evaluations: EvaluationRules;
  readonly secrecy: SecrecyRules;
  readonly shares = new ShareHistory();
  private readonly erases: EraseRules;

  constructor(private readonly options: ObserverOptions) {
    this.spoken = new SpokenRules(this.accuse, () => options.roster);
    this.proposals = new ProposalRules(() => options.roster, this.accuse);
    this.epochs = new EpochRules(() => options.roster, this.accuse);
    this.secrecy = new SecrecyRules(options.ledger, this.accuse);
    this.evaluations = new EvaluationRules(options, this.secrecy, this.accuse);
    this.erases = new EraseRules(options.ledger, options.policy, options.nowMs, this.accuse);
  }

  readonly accuse = (rule: string, story: string): void => {
    this.violation ??= new Violation(rule, story);
  };

  asked(_from: number, name: string, request: Bytes): void {
    this.secrecy.said(name, request);
  }

  broadcast(from: number, name: string, payload: Bytes): void {
    this.secrecy.said(name, payload);
    const machine = this.options.machines[from - 1];
    if (machine === undefined || name !== batchBroadcast.capability) return;
    const message = decodeMessage(payload, batchBroadcast.maxBytes, batchBroadcast.message);
    const honest = !this.options.corrupt.has(from);
    this.proposals.hear(message, honest);
    if (!honest) return;
    this.spoken.hear(machine, message);
    this.epochs.hear(message);
  }

  served(node: number, name: string, request: Bytes, response: Bytes): void {
    const machine = this.options.machines[node - 1];
    const corrupt = this.options.corrupt.has(node);
    this.secrecy.said(`${name}.answer`, response);
    if (name === CLOSED) this.epochs.vouched(node, request);
    if (name === REJOIN) this.spoken.answered(node, response, !corrupt);
    if (machine === undefined || corrupt) return;
    if (name === EVALUATE) this.evaluations.served(machine, request, response);
    if (name === CONFIRM) this.released(machine, request);
  }

  emitted(node: number, name: string, data: unknown): void {
    this.secrecy.told(name, data);
    const machine = this.options.machines[node - 1];
    if (machine !== undefined && name === recordErased.subject) this.erases.erased(machine, data);
    if (machine !== undefined && name === nodeReady.subject) this.joined(machine);
    if (name === nodeRollbackDetected.subject) this.options.note(`node ${node} finds that its disk was rolled back`);
  }

  broke(node: number, error: unknown): void {
    if (!this.options.corrupt.has(node))
      this.accuse(BROKEN_CODE, `a handler of node ${node} broke: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  }

  started(machine: SimMachine): void {
    this.options.note(`node ${machine.self} starts`);
  }

  /** Another machine is in the place of one that is gone. */
  replaced(node: number): void {
    this.spoken.rolledBack(node);
    this.epochs.replaced(node);
  }

  private joined(machine: SimMachine): void {
    this.options.note(`node ${machine.self} takes part, incarnation ${machine.running?.node?.engine.chain.own.incarnation ?? 0}`);
    this.spoken.joined(machine);
  }

  ended(machine: SimMachine, why: string): void {
    this.options.note(`node ${machine.self} ends: ${why}`);
    if (!this.options.damaged.has(machine.self)) this.accuse('7.3', `node ${machine.self} cannot start on a sound disk: ${why}`);
  }

  durable(machine: SimMachine, writes: readonly StoreWrite[]): void {
    for (const { table, key, value } of writes) {
      if (value === null) continue;
      if (table === 'decided') this.decided(machine, key.subarray(0, 32), new DataView(key.buffer, key.byteOffset + 32).getUint32(0));
      if (table === 'accounts') this.account(machine, key);
      if (table === 'epochs') this.epochs.durable(machine);
      if (table === 'share-versions') this.shares.note(machine.self, key, value);
    }
  }

  private decided(machine: SimMachine, uid: Bytes, index: number): void {
    const { roster, verifier, ledger, note } = this.options;
    const store = machine.running?.store;
    const set = store === undefined ? null : new AccountRows(store).decided(uid, index);
    if (set === null) return;
    const account = ledger.of(uid);
    const before = store === undefined ? null : new AccountRows(store).decided(uid, index - 1);
    if (before !== null) this.epochs.decided(machine.self, before, set);
    const fault = faultOfSet(set, uid, roster, verifier);
    if (fault !== null) this.accuse('4.1', `node ${machine.self} decided index ${index} on a set that decides nothing: ${fault}`);
    if (!account.decided.has(index)) note(`index ${index} of account ${account.account.name} is decided: ${valueName(set.value)}`);
    account.decided.set(index, valueName(set.value));
    this.decidable(uid, set);
  }

  /** q votes for a value are out, whether any node has seen them together or not: no other value may ever have as many. */
  decidable(uid: Bytes, set: DecidedSet): void {
    const { roster, verifier, ledger, corrupt } = this.options;
    if (!agreesDespite(roster, corrupt.size) || faultOfSet(set, uid, roster, verifier) !== null) return;
    const { account, decidable } = ledger.of(uid);
    const value = valueName(set.value);
    if ((decidable.get(set.index) ?? value) !== value)
      this.accuse('4.1', `two values are decided at index ${set.index} of account ${account.name}`);
    decidable.set(set.index, value);
  }

  private account(machine: SimMachine, uid: Bytes): void {
    const { ledger, corrupt } = this.options;
    const store = machine.running?.store;
    if (store === undefined || corrupt.has(machine.self)) return;
    const log = new AccountRows(store).load(uid);
    const { state, confirmation } = log;
    const known = ledger.of(uid);
    if (state.budgetFrom > 0) known.budgets.add(state.budgetFrom);
    if (state.pending !== null) known.pendingUntilMs.set(state.pending.ver, state.pending.stampMs + this.options.policy.coolDownMs);
    // The second line of defence, a count before each evaluation, must not hide that the first one fails.
    const spent = countedAttempts(state, Math.max(known.stored?.index ?? 0, confirmation?.index ?? 0)).length;
    if (spent > this.options.roster.attempts && agreesDespite(this.options.roster, corrupt.size))
      this.accuse('6.1', `node ${machine.self} holds ${spent} decided attempts within one budget`);
    if (confirmation === null) return;
    known.budgets.add(confirmation.index);
    if ((known.stored?.index ?? 0) < confirmation.index) known.stored = confirmation;
    if (confirmation.index > state.index)
      this.accuse('6', `node ${machine.self} stored confirmation ${confirmation.index} without the set that it confirms`);
    if (!known.signed.has(confirmationName(confirmation)))
      this.accuse('6.5', `node ${machine.self} stored confirmation ${confirmation.index}, which no client has signed`);
  }

  /** A secret share left: the confirmation must be on this node's disk. */
  private released(machine: SimMachine, request: Bytes): void {
    const { confirmation } = decodeMessage(request, attemptConfirm.maxBytes, attemptConfirm.request);
    const store = machine.running?.store;
    if (store === undefined) return;
    if (lastOkOf(new AccountRows(store).load(confirmation.uid)) < confirmation.index)
      this.accuse('I4', `node ${machine.self} released its secret for attempt ${confirmation.index} before its disk had the confirmation`);
  }
}
