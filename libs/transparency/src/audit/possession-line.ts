import type { Bundle, BundleFleet, BundleMember } from '../bundle/bundle.js';
import { NODE_ARTIFACTS, possessionMessage, type Possession } from '../evidence/possession.js';
import type { DeploymentStatement } from '../evidence/statement.js';
import { verifyEd25519 } from '../keys/ed25519.js';
import { auditLine, lineOf, type AuditCheck, type AuditLine } from './audit-line.js';

/** As a node answered it; `signature` is its Ed25519 signature, 64 bytes, over `possessionMessage`. */
export type PossessionAnswer = Possession & { readonly signature: Uint8Array };

export type PossessionSource = {
  /** 32 bytes that nobody could foresee. */
  readonly nonce: Uint8Array;
  /** What the nodes of a fleet answer; those that do not answer are left out. @throws SourceUnavailable */
  ask(fleetId: string, nonce: Uint8Array): Promise<readonly PossessionAnswer[]>;
};

type Findings = { readonly problems: string[]; readonly unchecked: string[] };

/**
 * The nodes that run now hold the identity keys that the newest bundle lists, and run what their custodians saw. What a
 * node says of its own software is signed and no proof: a machine that was taken over says what it likes.
 * @throws SourceUnavailable
 */
export async function checkPossession(
  bundle: Bundle | undefined,
  statement: DeploymentStatement | undefined,
  source: PossessionSource | undefined,
): Promise<readonly [possession: AuditLine, software: AuditLine]> {
  if (!bundle || !source) {
    const why = bundle ? 'nobody was named who asks the nodes' : 'nothing was logged';
    return [auditLine('possession', 'skipped', why), auditLine('software', 'skipped', why)];
  }
  const keys: Findings = { problems: [], unchecked: [] };
  const software: Findings = { problems: [], unchecked: [] };
  const fleets = bundle.fleets.filter(({ state }) => state !== 'revoked');
  const nodes = fleets.reduce((count, { members }) => count + members.length, 0);
  for (const fleet of fleets) {
    const answers = await source.ask(fleet.fleetId, source.nonce);
    for (const member of fleet.members) {
      const answer = answers.find(({ node }) => node === member.index);
      judgeKey(fleet, member, answer, source.nonce, keys);
      judgeSoftware(fleet, member, answer, statement, software);
    }
  }
  return [
    lineFor('possession', keys, `${nodes} nodes signed our nonce with the keys that the bundle lists`),
    lineFor('software', software, `${nodes} nodes say that they run what the statement names`),
  ];
}

function judgeKey(
  { fleetId, epoch }: BundleFleet,
  { index, identityKey }: BundleMember,
  answer: PossessionAnswer | undefined,
  nonce: Uint8Array,
  { problems, unchecked }: Findings,
): void {
  const who = `${fleetId}-${index}`;
  if (!answer) unchecked.push(`${who} does not answer`);
  else if (!verifyEd25519(answer.signature, possessionMessage({ ...answer, fleetId, node: index }, nonce), identityKey))
    problems.push(`${who} did not sign our nonce with its key`);
  else if (answer.epoch !== epoch) problems.push(`${who} serves epoch ${answer.epoch} of its fleet, and not ${epoch}`);
}

function judgeSoftware(
  { fleetId }: BundleFleet,
  { index }: BundleMember,
  answer: PossessionAnswer | undefined,
  statement: DeploymentStatement | undefined,
  { problems, unchecked }: Findings,
): void {
  const who = `${fleetId}-${index}`;
  const fleet = statement?.predicate.fleets.find((each) => each.fleetId === fleetId);
  const member = fleet?.members.find((each) => each.index === index);
  if (!statement || !member) unchecked.push('no statement names the software of the nodes');
  else if (!answer) unchecked.push(`${who} does not say what it runs`);
  else {
    if (answer.software !== member.software) problems.push(`${who} runs version ${answer.software}, its statement says ${member.software}`);
    for (const name of NODE_ARTIFACTS) {
      const artifact = statement.predicate.software.artifacts.find((each) => each.name === name);
      if (!artifact) unchecked.push(`the statement names no digest of ${name}`);
      else if (artifact.digest.sha256 !== answer.artifacts[name]) problems.push(`${who} runs another ${name} than the statement names`);
    }
  }
}

function lineFor(check: AuditCheck, { problems, unchecked }: Findings, saw: string): AuditLine {
  if (problems.length > 0) return lineOf(check, problems, '');
  const [first, ...more] = unchecked;
  if (first !== undefined) return auditLine(check, 'skipped', more.length === 0 ? first : `${first}; and ${more.length} more`);
  return auditLine(check, 'ok', saw);
}
