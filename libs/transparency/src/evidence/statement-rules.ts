import { fromBase64, toBase64 } from '../encoding/base64.js';
import { fromHex, toHex, utf8 } from '../encoding/octets.js';
import type { BundleFleet } from '../bundle/bundle.js';
import { refuseParameters } from '../bundle/fleet-parameters.js';
import { isNamespace } from '../bundle/parse-bundle.js';
import { enrolmentDigest, verifyEnrolment } from '../enrolment/enrolment.js';
import { FormatError } from '../errors/format-error.js';
import { KNOWN_ANSWERS, knownAnswerStep } from './known-answer.js';
import { rosterDigest } from './roster-digest.js';
import type { AttestedFleet, AttestedMember, DeploymentPredicate, DeploymentStatement } from './statement.js';
import { checkTranscript, outputDigest } from './transcript.js';

/** The rules inside one statement, whoever reads it (TRANSPARENCY 5). @throws FormatError naming the part */
export function refuseStatement({ predicate, subject }: DeploymentStatement): void {
  const { fleets, fleet, namespace, environment } = predicate;
  if (!isNamespace(namespace)) throw new FormatError('namespace', 'is malformed');
  for (const [i, each] of fleets.entries()) {
    const before = fleets[i - 1];
    if (before && before.fleetId >= each.fleetId) throw new FormatError('fleets', 'are repeated or out of order');
    refuseFleet(each);
  }
  const keys = fleets.flatMap(({ members }) => members.flatMap(({ identityKey, hpkeKey }) => [identityKey, hpkeKey]));
  if (new Set(keys).size !== keys.length) throw new FormatError('members', 'share a key');
  if (!fleets.some(({ fleetId }) => fleetId === fleet)) throw new FormatError('fleet', 'is none of the fleets');
  const hardware = fleets.every(({ members }) => members.every((member) => member.environment === 'hsm'));
  if (environment !== (hardware ? 'hsm' : 'software')) throw new FormatError('environment', 'is not what the members say');
  refuseSubject(predicate, subject);
  checkTranscript(predicate.transcript);
  if ((predicate.transcript.at(-1)?.at ?? 0) > predicate.issued) throw new FormatError('issued', 'is before the last step');
  refuseOutputs(predicate);
  refuseKnownAnswers(predicate);
}

function refuseFleet({ fleetId, members, ...parameters }: AttestedFleet): void {
  const reason = refuseParameters(parameters);
  if (reason !== undefined) throw new FormatError(`fleet ${fleetId}`, reason);
  if (members.length !== parameters.n) throw new FormatError(`fleet ${fleetId}`, 'does not have n members');
  for (const [i, member] of members.entries()) {
    if (member.index !== i + 1) throw new FormatError(`fleet ${fleetId}`, 'its members are not numbered 1 to n');
    refuseMember(member, `${fleetId}-${member.index}`);
  }
}

/** What is said of a member is what the node itself signed. */
function refuseMember(member: AttestedMember, who: string): void {
  const statement = utf8(member.statement);
  const { identityKey, hpkeKey, environment, keystore, software } = verifyEnrolment(statement);
  const said = { environment, hpkeKey: toBase64(hpkeKey), identityKey: toBase64(identityKey), keystore, software };
  for (const [name, value] of Object.entries(said)) {
    if (!Object.entries(member).some(([own, given]) => own === name && given === value)) {
      throw new FormatError(`member ${who}`, `its ${name} is not what it signed`);
    }
  }
  if (member.digest !== `sha256:${toHex(enrolmentDigest(statement))}`) throw new FormatError(`member ${who}`, 'its digest is another');
}

function refuseSubject({ fleets, namespace }: DeploymentPredicate, subject: DeploymentStatement['subject']): void {
  const expected = subjectsOf(namespace, fleets);
  const same = expected.length === subject.length && expected.every(({ name, digest }, i) => isSame(subject[i], name, digest.sha256));
  if (!same) throw new FormatError('subject', 'does not name the fleets by their rosters');
}

function isSame(subject: DeploymentStatement['subject'][number] | undefined, name: string, sha256: string): boolean {
  return subject?.name === name && subject.digest.sha256 === sha256;
}

/** One subject for each fleet: its name, and the digest of its lines in a bundle. */
export function subjectsOf(namespace: string, fleets: readonly AttestedFleet[]): DeploymentStatement['subject'] {
  return fleets.map((fleet) => ({
    digest: { sha256: toHex(rosterDigest(bundleFleetOf(fleet))) },
    name: `${namespace}/fleet/${fleet.fleetId}/epoch/${fleet.epoch}`,
  }));
}

/** The fleet as a bundle lists it. */
export function bundleFleetOf({ members, ...fleet }: AttestedFleet): BundleFleet {
  return {
    ...fleet,
    state: 'active',
    members: members.map(({ index, identityKey, hpkeKey, digest }) => ({
      index,
      identityKey: fromBase64(identityKey, 'identityKey'),
      hpkeKey: fromBase64(hpkeKey, 'hpkeKey'),
      evidence: fromHex(digest.slice('sha256:'.length), 32, 'digest'),
    })),
  };
}

/** The transcript names what the statement says, so that neither was made without the other. */
function refuseOutputs({ fleets, fleet, software, transcript, namespace }: DeploymentPredicate): void {
  const own = fleets.filter(({ fleetId }) => fleetId === fleet);
  const roster = subjectsOf(namespace, own).map(({ digest }) => `sha256:${digest.sha256}`);
  const expected = [
    ['software', outputDigest(software)],
    ['members', ...roster],
  ] as const;
  for (const [name, output] of expected) {
    if (!transcript.some((step) => step.step === name && step.output === output)) {
      throw new FormatError('transcript', `has no step ${name} with what stands in the statement`);
    }
  }
}

/** A fleet that has answered did so to both codes at least; what was left out is an exception that everybody reads. */
function refuseKnownAnswers({ stage, knownAnswers, transcript }: DeploymentPredicate): void {
  if (stage === 'admission') {
    if (knownAnswers.length > 0) throw new FormatError('knownAnswers', 'stand in an admission');
    return;
  }
  const names = knownAnswers.map(({ name }) => name);
  const ordered = KNOWN_ANSWERS.filter((name) => names.includes(name));
  if (ordered.length !== names.length || ordered.some((name, i) => name !== names[i])) {
    throw new FormatError('knownAnswers', 'are repeated or out of order');
  }
  for (const name of KNOWN_ANSWERS) {
    const answer = knownAnswers.find((each) => each.name === name);
    const steps = transcript.filter(({ step }) => step === knownAnswerStep(name));
    if (answer) {
      if (!steps.some(({ output }) => output === outputDigest(answer))) throw new FormatError('transcript', `has no step of ${name}`);
    } else if (name === 'right-code' || name === 'wrong-code' || !steps.some(({ exception }) => exception !== '')) {
      throw new FormatError('knownAnswers', `${name} is missing, and no exception says why`);
    }
  }
}
