import { until } from '@strongroom/stack';
import { accountModel } from '../account/account-model.js';
import type { Operation } from '../account/operation.js';
import { checkLinearizable } from '../linearizability/search.js';
import type { Person } from '../load/person.js';
import type { RecordedDevice } from '../load/recorded-device.js';
import { unexplained } from './counter-bounds.js';

export interface Violation {
  readonly account: string;
  readonly what: string;
}

export interface AuditResult {
  readonly violations: readonly Violation[];
  readonly linearizable: boolean;
  /** Accounts whose history was too much to search. */
  readonly undecided: number;
  /** States that the searches looked at. */
  readonly states: number;
}

const ANSWERS_WITHIN_MS = 60_000;

/** Looks at every account once more, with all nodes up and from a device of its own, and judges its whole history. */
export async function auditAll(persons: readonly Person[], attempts: number, signal: AbortSignal): Promise<AuditResult> {
  const violations: Violation[] = [];
  const result = { linearizable: true, undecided: 0, states: 0 };
  for (const person of persons) {
    signal.throwIfAborted();
    const told = (what: string): void => void violations.push({ account: person.name, what });
    await lookAgain(person, attempts, signal, told);
    const verdict = checkLinearizable(person.history, accountModel(attempts));
    result.states += verdict.states;
    if (verdict.kind === 'undecided') result.undecided += 1;
    if (verdict.kind !== 'violation') continue;
    result.linearizable = false;
    told(`no order explains what its clients saw; none of the operations ${verdict.stuck.join(', ')} can come next`);
  }
  return { ...result, violations };
}

async function lookAgain(person: Person, attempts: number, signal: AbortSignal, told: (what: string) => void): Promise<void> {
  const auditor = person.device();
  const { outcome } = await answered(() => auditor.status(), signal);
  if (outcome.kind !== 'status') return told(`the nodes do not agree about it: ${outcome.kind}`);
  if (outcome.status !== 'active' && outcome.status !== 'locked') return;
  const before = person.history.slice(0, -1);
  const why = unexplained(before, attempts, outcome.attemptsLeft);
  if (why !== null) told(why);
  if (outcome.status === 'active' && !(await opens(person, auditor, signal)))
    told('its key does not come back with any code that it was registered with');
}

/** The codes of registrations that may be the living one, the last acknowledged one and whatever was asked for since. */
function livingCodes(history: readonly Operation[]): readonly string[] {
  const asked = history.flatMap(({ request, outcome }) => (request.kind === 'register' ? [{ code: request.code, outcome }] : []));
  const last = asked.findLastIndex(({ outcome }) => outcome.kind === 'registered');
  const earlier = asked.slice(0, Math.max(0, last)).filter(({ outcome }) => outcome.kind !== 'registered');
  return [...asked.slice(Math.max(0, last)), ...earlier].map(({ code }) => code);
}

async function opens(person: Person, auditor: RecordedDevice, signal: AbortSignal): Promise<boolean> {
  const keyOf = new Map(
    person.history.flatMap(({ request }) => (request.kind === 'register' ? [[request.code, request.key] as const] : [])),
  );
  for (const code of livingCodes(person.history)) {
    const { outcome } = await answered(() => auditor.recover(code), signal);
    if (outcome.kind === 'recovered') return outcome.key === keyOf.get(code);
    if (outcome.kind !== 'wrong') return false;
  }
  return false;
}

/** Until the fleet has an answer: right after faults a call may still fail, which is no answer about the account. */
function answered(call: () => Promise<Operation>, signal: AbortSignal): Promise<Operation> {
  const answer = async (): Promise<Operation | undefined> => {
    const operation = await call();
    return operation.outcome.kind === 'unknown' ? undefined : operation;
  };
  return until(answer, { what: 'an answer about an account', timeoutMs: ANSWERS_WITHIN_MS, everyMs: 100, signal });
}
