import type { CheckedDeployment } from '../evidence/deployment-checks.js';
import { MAX_ENVELOPE_BYTES, parseEnvelope, type Envelope } from '../evidence/dsse.js';
import { deploymentName } from '../evidence/parse-statement.js';
import { refuseRosters } from '../evidence/roster-digest.js';
import type { DeploymentStatement } from '../evidence/statement.js';
import { toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { trustRootDigest } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { auditLine, lineOf, type AuditLine } from './audit-line.js';
import type { WalkedEpoch } from './epoch-walk.js';

export type DeploymentSource = {
  /** The envelope of the statement with this digest, in hexadecimal; `undefined` when there is none. @throws SourceUnavailable */
  read(digest: string): Promise<string | undefined>;
  /** `deploymentChecks` with all signers, and whatever else the reader can judge, as the replies of nodes. */
  check(envelope: Envelope, trustRoot: TrustRoot): CheckedDeployment;
};

export type CheckedEvidence = { readonly line: AuditLine; /** Of the newest epoch. */ readonly statement: DeploymentStatement | undefined };

type Opened = { readonly statement: DeploymentStatement } | { readonly problem: string } | { readonly missing: string };

/** One after the other, however many a log names. */
const MAX_STATEMENTS = 1_000;

/**
 * Custodians, auditor and operator signed for the machines of each epoch, and for exactly these: the keys that a bundle
 * lists are those of its statement, and a statement names the one before it. @throws SourceUnavailable
 */
export async function checkDeployments(
  epochs: readonly (WalkedEpoch | undefined)[],
  trustRoots: readonly TrustRoot[],
  source: DeploymentSource | undefined,
): Promise<CheckedEvidence> {
  const roots = new Map(trustRoots.map((root) => [toHex(trustRootDigest(root)), root]));
  const opened = new Map<string, Opened>();
  const problems: string[] = [];
  const unchecked: string[] = [];
  let before = 'none';
  let statement: DeploymentStatement | undefined;
  for (const [i, walked] of epochs.entries()) {
    const root = walked && roots.get(walked.trustRoot);
    const { deployment } = walked ?? {};
    statement = undefined;
    if (!root) unchecked.push(`epoch ${i + 1} is made for a trust root that was not given`);
    else if (deployment === undefined) {
      if (root.custodians) problems.push(`epoch ${i + 1} names no deployment statement, and its trust root names custodians`);
    } else {
      const known = opened.get(deployment) ?? (opened.size < MAX_STATEMENTS ? await open(deployment, root, source) : tooMany);
      opened.set(deployment, known);
      if ('missing' in known) unchecked.push(`epoch ${i + 1}: ${known.missing}`);
      else if ('problem' in known) problems.push(`epoch ${i + 1}: ${known.problem}`);
      else {
        statement = known.statement;
        problems.push(...misfits(walked, statement, before).map((problem) => `epoch ${i + 1}: ${problem}`));
      }
    }
    before = deployment === undefined ? 'none' : `sha256:${deployment}`;
  }
  return { line: lineFor(problems, unchecked, opened.size, epochs.length), statement };
}

const tooMany: Opened = { missing: `more than ${MAX_STATEMENTS} statements are not looked at` };

function lineFor(problems: readonly string[], unchecked: readonly string[], statements: number, epochs: number): AuditLine {
  if (problems.length > 0) return lineOf('evidence', problems, '');
  const [first, ...more] = unchecked;
  if (first !== undefined) return auditLine('evidence', 'skipped', more.length === 0 ? first : `${first}; and ${more.length} more`);
  if (statements === 0) return auditLine('evidence', 'skipped', 'the trust root names no custodians: nobody signed for the machines');
  return auditLine('evidence', 'ok', `${statements} statements by custodians, auditor and operator bind the keys of ${epochs} epochs`);
}

async function open(digest: string, trustRoot: TrustRoot, source: DeploymentSource | undefined): Promise<Opened> {
  const envelope = await source?.read(digest);
  if (!source || envelope === undefined) return { missing: `nobody shows the statement sha256:${digest}` };
  try {
    if (envelope.length > MAX_ENVELOPE_BYTES) throw new FormatError('envelope', 'is too long');
    const parsed = parseEnvelope(envelope);
    if (deploymentName(parsed) !== `sha256:${digest}`) return { problem: 'the statement that is shown is not the one that is named' };
    const { statement, checks } = source.check(parsed, trustRoot);
    const failed = checks.find(({ outcome }) => outcome !== 'ok');
    if (failed || !statement) return { problem: `the statement's check ${failed?.check ?? 'statement'} fails: ${failed?.saw ?? ''}` };
    return { statement };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { problem: error.message };
  }
}

function misfits({ rosters, deployment }: WalkedEpoch, statement: DeploymentStatement, before: string): readonly string[] {
  const { predecessor } = statement.predicate;
  const refused = refuseRosters(rosters, statement);
  const follows = before === `sha256:${deployment ?? ''}` || predecessor === before;
  return [
    ...(refused === undefined ? [] : [refused]),
    ...(follows ? [] : [`its statement follows ${predecessor}, and not ${before}, which the epoch before names`]),
  ];
}
