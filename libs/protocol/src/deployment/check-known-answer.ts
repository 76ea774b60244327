import {
  bundleFleetOf,
  knownAnswerNonce,
  knownAnswerStep,
  outputDigest,
  type DeploymentStatement,
  type KnownAnswer,
} from '@strongroom/transparency';
import { verifySignedStatement } from '../batch/signed-statement.js';
import { equal, fromHex, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { parseAccountStatement, type AccountStatement } from '../vote/account-statement.js';
import { findQuorum } from '../vote/quorum.js';
import { ownIncarnation } from '../vote/statement-head.js';
import { toSigned } from './carried.js';
import { checkKnownAttempt, type CheckedAttempt } from './known-attempt.js';

export type AskedAnswer = {
  readonly answer: KnownAnswer;
  readonly roster: FleetRoster;
  /** 32 bytes: `knownAnswerNonce` of the place in the transcript. */
  readonly nonce: Bytes;
};

/** As `checkAnswer`, with roster and nonce out of the statement that the answer stands in. */
export function checkKnownAnswer(statement: DeploymentStatement, answer: KnownAnswer, verifier: SignatureVerifier): string {
  const { transcript } = statement.predicate;
  const step = transcript.find((each) => each.step === knownAnswerStep(answer.name) && each.output === outputDigest(answer));
  if (!step) throw invalid('transcript', `has no step for ${answer.name}`);
  return checkAnswer({ answer, roster: rosterOf(statement), nonce: knownAnswerNonce(step.previous, answer.name) }, verifier);
}

/**
 * What one known-answer test of a deployment proves, from the nodes' own signatures: their votes, their evaluations, and
 * what q of them say of the account afterwards, over a nonce that follows from the transcript. It proves that the fleet
 * counted and answered as the test's name says; that a code was wrong is the ceremony's word, while a confirmation can
 * only be made by whoever opened the record.
 * @returns what it looked at, for people. @throws REQUEST_INVALID, NODE_MISBEHAVED naming what does not hold
 */
export function checkAnswer({ answer, roster, nonce }: AskedAnswer, verifier: SignatureVerifier): string {
  const account = fromHex(answer.account, 'account');
  const attempt = answer.attempts.map((each) => checkKnownAttempt(each, account, roster, verifier))[0];
  const views = answer.views.map((carried) => openView(toSigned(carried), { account, nonce }, roster, verifier));
  refuseAbsent(answer, attempt, views, roster);
  const holds = demandOf(answer.name, attempt, roster);
  if (
    !findQuorum(
      views.filter(holds).map((head) => ({ head })),
      roster.q,
    )
  ) {
    throw invalid('views', `fewer than ${roster.q} nodes say what ${answer.name} demands`);
  }
  return describe(answer, attempt, views);
}

/** What q nodes have to say after it. */
function demandOf(
  name: KnownAnswer['name'],
  attempt: CheckedAttempt | undefined,
  { attempts }: FleetRoster,
): (view: AccountStatement) => boolean {
  if (name === 'lock') return ({ spent, status }) => status === 'locked' && spent >= attempts;
  if (!attempt) throw invalid('attempts', 'are missing');
  const { index } = attempt;
  if (name === 'wrong-code') {
    return ({ lastOk, spent, status, index: seen }) => status === 'active' && lastOk < index && spent >= 1 && seen >= index;
  }
  // A confirmation needs the key that only the right code opens: nodes take no other (PROTOCOL 6).
  return ({ lastOk, spent, status }) => status === 'active' && lastOk === index && spent === 0;
}

function rosterOf({ predicate }: DeploymentStatement): FleetRoster {
  const fleet = predicate.fleets.find(({ fleetId }) => fleetId === predicate.fleet);
  if (!fleet) throw invalid('fleet', 'is none of the fleets');
  const { fleetId, epoch, n, t, q, attempts, members } = bundleFleetOf(fleet);
  return { fleetId, epoch, n, t, q, attempts, members: members.map(({ index, identityKey }) => ({ index, identityKey })) };
}

function openView(
  signed: ReturnType<typeof toSigned>,
  asked: { readonly account: Bytes; readonly nonce: Bytes },
  roster: FleetRoster,
  verifier: SignatureVerifier,
): AccountStatement {
  verifySignedStatement(signed, roster, verifier);
  const view = parseAccountStatement(signed.statement);
  const own = view.fleetId === roster.fleetId && view.epoch === roster.epoch && view.node === signed.node;
  if (!own || view.incarnations.length !== roster.n || ownIncarnation(view) !== signed.incarnation) {
    throw invalid('views', `the one of node ${signed.node} does not belong to its batch`);
  }
  if (!equal(view.uid, asked.account)) throw invalid('views', 'are about another account');
  if (!equal(view.nonce, asked.nonce)) throw invalid('views', 'were not asked for at this place of the transcript');
  return view;
}

/** Who was stopped answered nothing; and no more were stopped than the fleet must do without. */
function refuseAbsent(
  answer: KnownAnswer,
  attempt: CheckedAttempt | undefined,
  views: readonly AccountStatement[],
  roster: FleetRoster,
): void {
  const { absent, name } = answer;
  const most = name === 'minority-lost' ? roster.n - roster.q : 0;
  const least = name === 'minority-lost' ? 1 : 0;
  if (new Set(absent).size !== absent.length || absent.length < least || absent.length > most || absent.some((node) => node > roster.n)) {
    throw invalid('absent', `are not ${least} to ${most} nodes of the fleet`);
  }
  const answered = [...(attempt?.voters ?? []), ...(attempt?.evaluators ?? []), ...views.map(({ node }) => node)];
  const spoke = absent.find((node) => answered.includes(node));
  if (spoke !== undefined) throw invalid('absent', `node ${spoke} had been stopped, and answered`);
}

function describe({ absent }: KnownAnswer, attempt: CheckedAttempt | undefined, views: readonly AccountStatement[]): string {
  const nodes = (list: readonly number[]): string => [...new Set(list)].sort((a, b) => a - b).join(', ');
  const voted = attempt
    ? `votes of nodes ${nodes(attempt.voters)} at index ${attempt.index}, proofs of ${nodes(attempt.evaluators)}; `
    : '';
  const without = absent.length > 0 ? `, without nodes ${nodes(absent)}` : '';
  return `${voted}${attempt ? 'then ' : ''}said by nodes ${nodes(views.map(({ node }) => node))}${without}`;
}
