import {
  equal,
  findQuorum,
  ownIncarnation,
  parseAccountStatement,
  verifySignedStatement,
  VaultError,
  type AccountStatement,
  type Bytes,
  type FleetRoster,
  type SignatureVerifier,
  type SignedStatement,
} from '@strongroom/protocol';
import { newestOfEach } from './newest-of-each.js';

/** What the nodes of one fleet say of an account, each statement signed over the asker's own nonce. */
export interface AccountView {
  readonly roster: FleetRoster;
  /** By distinct nodes; q of them may be counted together (PROTOCOL 4.6). */
  readonly statements: readonly AccountStatement[];
}

interface Asked {
  readonly uid: Bytes;
  readonly nonce: Bytes;
}

/**
 * The statements that really are of these nodes, about this account and for this question; the others are the
 * gateway's inventions and are left out. @throws FLEET_UNAVAILABLE when fewer than q remain that count together
 */
export function readView(carried: readonly SignedStatement[], asked: Asked, roster: FleetRoster, verifier: SignatureVerifier): AccountView {
  const opened = carried.map((signed) => openStatement(signed, asked, roster, verifier));
  const view = { roster, statements: newestOfEach(opened, (statement) => statement) };
  if (!agreeing(view, () => true)) {
    throw new VaultError('FLEET_UNAVAILABLE', `${view.statements.length} nodes answered for the account, ${roster.q} are needed`);
  }
  return view;
}

function openStatement(
  signed: SignedStatement,
  asked: Asked,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): AccountStatement | undefined {
  try {
    verifySignedStatement(signed, roster, verifier);
    const statement = parseAccountStatement(signed.statement);
    const own = statement.fleetId === roster.fleetId && statement.epoch === roster.epoch && statement.node === signed.node;
    const whole = statement.incarnations.length === roster.n && ownIncarnation(statement) === signed.incarnation;
    return own && whole && equal(statement.uid, asked.uid) && equal(statement.nonce, asked.nonce) ? statement : undefined;
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

/** q statements that count together and of which each satisfies `holds`, or undefined. */
export function agreeing(view: AccountView, holds: (statement: AccountStatement) => boolean): readonly AccountStatement[] | undefined {
  const members = view.statements.filter(holds).map((statement) => ({ head: statement, statement }));
  return findQuorum(members, view.roster.q)?.map(({ statement }) => statement);
}

/** q nodes say that there is nothing to recover here. */
export function isProvenEmpty(view: AccountView): boolean {
  return agreeing(view, ({ activeVer }) => activeVer === 0) !== undefined;
}

/** q nodes say that no attempt is left. */
export function isProvenLocked(view: AccountView): boolean {
  return agreeing(view, ({ status }) => status === 'locked') !== undefined;
}

/**
 * Versions that a recovery may try, the newest knowledge first. Any q nodes include one that knows the truth; a version
 * that a lying node made up is refused by the others and costs no attempt.
 */
export function recoverableVersions(view: AccountView): readonly number[] {
  const newest = [...view.statements].sort((a, b) => b.index - a.index).map(({ activeVer }) => activeVer);
  return [...new Set(newest)].filter((ver) => ver > 0);
}

/** How far one registration may jump over what a second node knows. */
const LARGEST_JUMP = 16;

/**
 * The version that comes next: above the highest that any node has seen. A single node that claims an absurd one moves
 * it by a few steps only, so that it cannot use up the numbers of an account.
 */
export function nextVersion(view: AccountView): number {
  const [highest = 0, second = 0] = view.statements.map(({ ver }) => ver).sort((a, b) => b - a);
  return Math.min(highest, second + LARGEST_JUMP) + 1;
}

/** What most nodes say; among equals, who has seen more of the account's log. */
export function prevailing(view: AccountView): AccountStatement {
  const key = ({ status, ver, activeVer }: AccountStatement): string => `${status}.${ver}.${activeVer}`;
  const support = (statement: AccountStatement): number => view.statements.filter((other) => key(other) === key(statement)).length;
  const [first] = [...view.statements].sort((a, b) => support(b) - support(a) || b.index - a.index);
  if (!first) throw new VaultError('FLEET_UNAVAILABLE', 'no node answered for the account');
  return first;
}

/** The lower median of what q nodes count, so that no single node can raise or lower it. */
export function attemptsLeftOf(view: AccountView): number {
  const counted = agreeing(view, () => true) ?? view.statements;
  const left = counted.map(({ spent }) => Math.max(0, view.roster.attempts - spent)).sort((a, b) => a - b);
  return left[Math.floor((left.length - 1) / 2)] ?? 0;
}
