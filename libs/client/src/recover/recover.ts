import {
  Secret,
  VaultError,
  attemptsLeft,
  combineScalars,
  finalize,
  openRecord,
  unwrapBackupKey,
  type Bytes,
  type KeyStretcher,
  type OpenedRecord,
} from '@strongroom/protocol';
import type { CheckName } from '@strongroom/transparency';
import type { CallContext } from '../call/call-context.js';
import { stretcherFor } from '../stretch/stretcher.js';
import { askNodes, askRecovering, type AskedFleet } from '../status/ask-nodes.js';
import { agreeing, isProvenEmpty, isProvenLocked, recoverableVersions } from '../votes/account-view.js';
import { blindAttempt, type BlindedAttempt } from './blinded-attempt.js';
import { combineEvaluations } from './evaluated-attempt.js';
import type { ExcludedNode } from './excluded-node.js';
import { gatherEvaluations, type GatheredEvaluations } from './gather-evaluations.js';
import { releaseSecrets } from './release-secrets.js';

export interface RecoverResult {
  /** 32 bytes. Call `wipe` when done. */
  readonly backupKey: Secret<Bytes>;
  readonly fleetId: string;
  readonly version: number;
  /** After this recovery: all of them once q nodes have stored the confirmation. */
  readonly attemptsLeft: number;
  /** Nodes that stored the confirmation, at least t. */
  readonly confirmedBy: readonly number[];
  /** Nodes whose answers were wrong and left out. */
  readonly excluded: readonly ExcludedNode[];
  /** Checks of the bundle for which the witnesses' word is missing or too old: it was used because it was accepted before. */
  readonly unwitnessed: readonly CheckName[];
}

/** How many versions are tried when nodes disagree about the living one; a refused one costs no attempt. */
const MAX_VERSIONS = 3;

/**
 * PROTOCOL 6 from the client's side: one attempt, whatever is lost on the way; a second only in place of one that was
 * overtaken and counts no more.
 * @throws CODE_WRONG with `attemptsLeft` from the signed votes; RECORD_LOCKED and RECORD_UNKNOWN only when q nodes say so
 */
export async function recover(context: CallContext, code: string): Promise<RecoverResult> {
  const asked = await askRecovering(context);
  requireRecoverable(asked);
  // Before an attempt is spent: a fleet whose stretching this client refuses is never asked.
  const stretcher = stretcherFor(asked.fleet.ksf, context.stretcher, context.allowBenchSuite, context.deadline.signal);
  let refused: unknown;
  for (const ver of recoverableVersions(asked.view).slice(0, MAX_VERSIONS)) {
    try {
      return await attemptVersion(context, asked, ver, code, stretcher);
    } catch (error) {
      if (!(error instanceof VaultError) || (error.code !== 'RECORD_UNKNOWN' && error.code !== 'RECORD_LOCKED')) throw error;
      refused = error;
    }
  }
  throw await believed(context, asked, refused);
}

/** One attempt; a second one only when q nodes say that the first was overtaken and counts no more. */
async function attemptVersion(
  context: CallContext,
  asked: AskedFleet,
  ver: number,
  code: string,
  stretcher: KeyStretcher,
): Promise<RecoverResult> {
  for (let overtaken = false; ; overtaken = true) {
    const attempt = await blindAttempt(context, asked.fleet.roster.fleetId, ver, code);
    try {
      return await run(context, attempt, stretcher);
    } catch (error) {
      const conflict = error instanceof VaultError && error.code === 'CONFLICT';
      if (!conflict || overtaken || !(await wasOvertaken(context, asked))) throw error;
    } finally {
      attempt.wipe();
    }
  }
}

/** Another device confirmed a later attempt meanwhile: nodes evaluate none below it (PROTOCOL 6.2). Never on the gateway's word. */
async function wasOvertaken(context: CallContext, asked: AskedFleet): Promise<boolean> {
  const before = Math.max(...asked.view.statements.map(({ lastOk }) => lastOk));
  const { view } = await askNodes(context, asked.fleet);
  return agreeing(view, ({ lastOk }) => lastOk > before) !== undefined;
}

/** A refusal is the gateway's word until q nodes say it themselves. */
async function believed(context: CallContext, asked: AskedFleet, refused: unknown): Promise<VaultError> {
  requireRecoverable(await askNodes(context, asked.fleet));
  const said = refused instanceof VaultError ? refused.code : 'RECORD_UNKNOWN';
  const message = `the gateway says ${said}, but ${asked.fleet.roster.q} nodes do not: it is not believed; try again or through another gateway`;
  return new VaultError('FLEET_UNAVAILABLE', message, { said }, { cause: refused });
}

function requireRecoverable({ view, fleet }: AskedFleet): void {
  if (isProvenEmpty(view)) throw new VaultError('RECORD_UNKNOWN', 'there is nothing to recover for this account');
  if (isProvenLocked(view)) {
    throw new VaultError('RECORD_LOCKED', `all ${fleet.roster.attempts} attempts are spent`, { attemptsLeft: 0 });
  }
}

async function run(context: CallContext, attempt: BlindedAttempt, stretcher: KeyStretcher): Promise<RecoverResult> {
  const gathered = await gatherEvaluations(context, attempt);
  context.onStep('stretching');
  const opened = await open(attempt, gathered, stretcher);
  const { roster, record, decided } = gathered;
  try {
    const released = await releaseSecrets(context, attempt, gathered, opened.confirmSigner);
    const confirmedBy = released.shares.map(({ index }) => index).sort((a, b) => a - b);
    const secret = combineScalars(released.shares.slice(0, roster.t));
    const backupKey = new Secret(unwrapBackupKey(record, opened.exportKey, secret));
    for (const bytes of [secret, ...released.shares.map(({ scalar }) => scalar)]) bytes.fill(0);
    return {
      backupKey,
      fleetId: record.fleetId,
      version: record.ver,
      attemptsLeft: confirmedBy.length >= roster.q ? roster.attempts : attemptsLeft(decided.votes, roster),
      confirmedBy,
      excluded: [...gathered.excluded, ...released.excluded],
      unwitnessed: await unwitnessedChecks(context),
    };
  } finally {
    opened.exportKey.fill(0);
  }
}

async function unwitnessedChecks({ bundles }: CallContext): Promise<readonly CheckName[]> {
  const checks = (await bundles.current('recover'))?.checks ?? [];
  return checks.filter(({ outcome }) => outcome === 'unwitnessed').map(({ check }) => check);
}

/** y and the envelope. A wrong code shows here and nowhere else. */
async function open(attempt: BlindedAttempt, gathered: GatheredEvaluations, stretcher: KeyStretcher): Promise<OpenedRecord> {
  const { roster, record, decided, points } = gathered;
  const output = finalize(attempt.input, attempt.blind, combineEvaluations(points, record));
  try {
    return await openRecord(record, output, stretcher);
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'CODE_WRONG') throw error;
    const left = attemptsLeft(decided.votes, roster);
    throw new VaultError('CODE_WRONG', `the recovery code is wrong; ${left} attempts are left`, { attemptsLeft: left });
  } finally {
    output.fill(0);
  }
}
