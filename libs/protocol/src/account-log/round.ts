import { compareBallots, isLeap, type Ballot } from '../ballot/ballot.js';
import { equal } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import { parseLogValue } from '../entry/log-value.js';
import { VaultError } from '../errors/protocol-error.js';
import { cast, promise } from './acceptor.js';
import { valueOfAccepted, type Round } from './account-log.js';
import { prepare, prepareWithReport, proposeNext } from './proposer.js';
import type { Step } from './step.js';

/** A round without an answer is sent again after this, then after twice as long each time: slowness is not cured by more messages. */
const RESEND_AFTER_MS = 120;
const GIVE_UP_AFTER_MS = 3_000;
const BACKOFF_STEP_MS = 25;
/** Waits grow with the rounds, so that one of two rivals gets the time that a slow network takes. */
const MAX_BACKOFF_FACTOR = 8;

export function learnNack(step: Step, index: number, promised: Ballot): void {
  const round = step.account.round;
  if (round === null || index !== step.openIndex || compareBallots(promised, round.ballot) <= 0) return;
  if (!isLeap(round.ballot.round, promised.round)) backOff(step, round, promised);
}

/**
 * When so many refuse that q can no longer agree, the submitters of this entry learn why, and the next one has its turn.
 * The value stays accepted here: a later ballot may need it. A conflict is no verdict on the entry, somebody lacked a
 * confirmation: it goes with the refusals, and a higher ballot settles it.
 */
export function learnRefusal(step: Step, from: number, index: number, ballot: Ballot, error: VaultError): void {
  const round = step.account.round;
  if (round === null || round.proposal === null || index !== step.openIndex || compareBallots(ballot, round.ballot) !== 0) return;
  const refusals = [...round.refusals.filter(({ node }) => node !== from), { node: from, error }];
  step.set({ round: { ...round, refusals } });
  const { n, q } = step.context.roster;
  if (n - refusals.length >= q) return;
  const id = entryId(parseLogValue(round.proposal.value, () => true).entry.core);
  const others = step.account.wanted.filter((wanted) => !equal(wanted.id, id));
  if (others.length === step.account.wanted.length || refusals.some((refusal) => refusal.error.code === 'CONFLICT')) {
    backOff(step, round, round.ballot);
    return;
  }
  step.emit({ kind: 'refused', id, error });
  step.set({ wanted: others, round: null });
  proposeNext(step);
}

/** Sends a late round again, and takes a higher ballot when that does not help. */
export function tickRound(step: Step): void {
  const round = step.account.round;
  const { nowMs } = step.context;
  if (round === null) return;
  if (nowMs - round.startedAtMs >= GIVE_UP_AFTER_MS) {
    giveUp(step);
    return;
  }
  if (round.phase === 'backoff') {
    if (nowMs >= round.atMs) prepare(step);
    return;
  }
  const waitMs = Math.max(RESEND_AFTER_MS, round.atMs - round.startedAtMs);
  if (nowMs - round.atMs >= waitMs) sendAgain(step, { ...round, atMs: nowMs });
}

function sendAgain(step: Step, round: Round): void {
  const { accepted, promised } = step.account;
  step.set({ round });
  if (promised !== null && compareBallots(promised, round.ballot) > 0) {
    backOff(step, round, promised);
  } else if (round.phase === 'prepare') {
    if (prepareWithReport(step, round)) return;
    step.emit({ kind: 'prepare', index: step.openIndex, ballot: round.ballot });
    promise(step, round.ballot);
  } else if (accepted !== null) {
    cast(step, accepted, valueOfAccepted(accepted), round.proposal);
  }
}

/** Lets the proposer of `above` finish, then goes above it. Being told twice makes nobody wait longer. */
function backOff(step: Step, round: Round, above: Ballot): void {
  const { self, roster, nowMs } = step.context;
  const rounds = Math.max(above.round - step.firstRound, 1);
  const factor = Math.min(rounds, MAX_BACKOFF_FACTOR);
  const waitMs = BACKOFF_STEP_MS * factor * (1 + ((self + rounds) % roster.n));
  const ballot = { ...round.ballot, round: Math.max(round.ballot.round, above.round) };
  const atMs = round.phase === 'backoff' ? round.atMs : nowMs + waitMs;
  step.set({ round: { ...round, phase: 'backoff', ballot, promises: [], refusals: [], atMs } });
}

function giveUp(step: Step): void {
  const error = new VaultError('FLEET_UNAVAILABLE', 'no quorum answered in time');
  for (const { id } of step.account.wanted) step.emit({ kind: 'refused', id, error });
  step.set({ wanted: [], round: null });
}
