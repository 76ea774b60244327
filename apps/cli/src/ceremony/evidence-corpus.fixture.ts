import { nodeVerifier } from '@strongroom/platform';
import { checkAnswer, demandDeployment, type FleetRoster } from '@strongroom/protocol';
import {
  canonicalJson,
  deploymentChecks,
  deploymentDigest,
  deriveBundleText,
  formatTrustRoot,
  knownAnswerNonce,
  parseBundle,
  parseStatement,
  refuseDeployment,
  signEnrolment,
  statementOf,
  verifyBundle,
  type Deployment,
  type DeploymentPredicate,
  type Envelope,
  type KnownAnswer,
  type KnownAnswerName,
} from '@strongroom/transparency';
import {
  custodialTrustRoot,
  exampleDeployment,
  exampleEnrolment,
  exampleFleet,
  exampleNote,
  exampleSigner,
  exampleStatement,
  exampleTrustRoot,
  NOW_MS,
  NOW_SECONDS,
  signedByCustodians,
} from '@strongroom/transparency/example';

/** What the nodes of an example fleet answered: made once, for every process that judges. */
export type Answers = { readonly roster: FleetRoster; readonly answers: readonly KnownAnswer[] };

/**
 * The names of the bad cases that were taken: none, unless a bug was planted.
 * @param only the one case that is looked at
 */
export function takenCases(given: Answers, only?: string): readonly string[] {
  const cases = [...statementCases(), ...signatureCases(), ...bundleCases(), ...answerCases(given)];
  const chosen = cases.filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0) throw new Error(`there is no case ${only}`);
  return chosen.flatMap(([name, takes]) => (isTaken(takes) ? [name] : []));
}

type Case = readonly [name: string, takes: () => boolean];

function isTaken(takes: () => boolean): boolean {
  try {
    return takes();
  } catch (error) {
    if (error instanceof Error && ['FormatError', 'VaultError', 'BundleError'].includes(error.name)) return false;
    throw error;
  }
}

const statement = exampleStatement();
const { predicate } = statement;
const stranger = signEnrolment(exampleEnrolment(9), exampleSigner(9));
const replaced = exampleFleet({ statements: [stranger, ...exampleFleet().statements.slice(1)] });

function parses(changes: Partial<DeploymentPredicate>): boolean {
  parseStatement(new TextEncoder().encode(canonicalJson({ ...statement, predicate: { ...predicate, ...changes } })));
  return true;
}

function statementCases(): readonly Case[] {
  const fleets = (change: (member: DeploymentPredicate['fleets'][number]['members'][number]) => object): DeploymentPredicate['fleets'] =>
    predicate.fleets.map((fleet) => ({ ...fleet, members: fleet.members.map((member) => ({ ...member, ...change(member) })) }));
  const few = (): ReturnType<typeof exampleStatement> =>
    exampleStatement({ fleets: [exampleFleet({ statements: exampleFleet().statements.slice(0, 4) })] });
  return [
    [
      'a transcript with a changed step',
      () => parses({ transcript: predicate.transcript.map((step, i) => (i === 0 ? { ...step, who: 'otto' } : step)) }),
    ],
    [
      'a subject that is another roster',
      () => {
        const subject = exampleStatement({ fleets: [replaced] }).subject;
        return parseStatement(new TextEncoder().encode(canonicalJson({ ...statement, subject }))) !== undefined;
      },
    ],
    ['a keystore that no member signed', () => parses({ fleets: fleets(() => ({ keystore: 'pkcs11' })) })],
    ['a member missing', () => parseStatement(new TextEncoder().encode(canonicalJson(few()))) !== undefined],
    [
      'software that the transcript does not name',
      () => parses({ software: { ...predicate.software, runDetails: { builder: { id: 'x' } } } }),
    ],
    ['an acceptance without answers', () => parses({ stage: 'acceptance' })],
    ['hsm where the members say software', () => parses({ environment: 'hsm' })],
  ];
}

function signatureCases(): readonly Case[] {
  const one = (): Envelope => signedByCustodians(statement, 1);
  const passes = (envelope: Envelope, trustRoot = custodialTrustRoot): boolean =>
    deploymentChecks(envelope, trustRoot, 'custodians').checks.every(({ outcome }) => outcome === 'ok');
  const demanded = (envelope: Envelope, nowMs = NOW_MS, evidence = [exampleFleet()]): boolean =>
    demandDeployment({ envelope, trustRoot: custodialTrustRoot, evidence, nowMs, verifier: nodeVerifier }) !== undefined;
  const forged = (): Envelope => {
    const [, other] = signedByCustodians(exampleStatement({}, { issued: NOW_SECONDS })).signatures;
    return { ...one(), signatures: [...one().signatures, ...(other ? [other] : [])] };
  };
  return [
    ['one custodian twice', () => passes({ ...one(), signatures: [...one().signatures, ...one().signatures] })],
    ['one custodian of two', () => passes(one())],
    ["a custodian's signature over another statement", () => passes(forged())],
    ['the trust root of another installation', () => passes(signedByCustodians(statement), { ...custodialTrustRoot, version: 2 })],
    ['machines that the registry does not have', () => demanded(signedByCustodians(statement), NOW_MS, [replaced])],
    ['a statement of last month', () => demanded(signedByCustodians(statement), NOW_MS + 30 * 86_400_000)],
    [
      'an operator among the custodians',
      () => formatTrustRoot({ ...exampleTrustRoot, custodians: { threshold: 1, keys: [exampleTrustRoot.operator] } }) !== '',
    ],
  ];
}

function bundleCases(): readonly Case[] {
  const admission = (): Deployment => exampleDeployment();
  const input = { trustRoot: custodialTrustRoot, issuedAt: NOW_SECONDS, expiresAt: NOW_SECONDS + 86_400 };
  const first = (): string => deriveBundleText({ ...input, previousText: undefined, fleets: [exampleFleet()], deployment: admission() });
  const unrelated = (): Deployment => exampleDeployment({ predecessor: `sha256:${'5'.repeat(64)}` });
  const another = (): Uint8Array => deploymentDigest(signedByCustodians(exampleStatement({ predecessor: `sha256:${'6'.repeat(64)}` })));
  return [
    ['a bundle without a statement', () => deriveBundleText({ ...input, previousText: undefined, fleets: [exampleFleet()] }) !== ''],
    [
      'a bundle with a machine that nobody attested',
      () => deriveBundleText({ ...input, previousText: undefined, fleets: [replaced], deployment: admission() }) !== '',
    ],
    [
      'a bundle that names another statement',
      () => refuseDeployment({ ...parseBundle(first()), deployment: another() }, admission()) === undefined,
    ],
    [
      'a statement that follows another than the bundle before names',
      () => deriveBundleText({ ...input, previousText: first(), fleets: [exampleFleet()], deployment: unrelated() }) !== '',
    ],
    [
      'a bundle that says none, to a client',
      () => {
        const note = exampleNote(first().replace(/^deployment .*$/m, 'deployment none'));
        return (
          verifyBundle({ source: note, trustRoot: custodialTrustRoot, memory: undefined, purpose: 'register', nowMs: NOW_MS }).bundle
            .epoch === 1
        );
      },
    ],
    ['an envelope of another type', () => statementOf({ ...signedByCustodians(statement), payloadType: 'text/plain' }) !== undefined],
  ];
}

function answerCases({ roster, answers }: Answers): readonly Case[] {
  const passes = (name: KnownAnswerName, changes: Partial<KnownAnswer>, nonceOf = name): boolean =>
    answers
      .filter((answer) => answer.name === name)
      .map((answer) =>
        checkAnswer({ answer: { ...answer, ...changes }, roster, nonce: knownAnswerNonce('0'.repeat(64), nonceOf) }, nodeVerifier),
      )
      .some((saw) => saw !== '');
  const [right] = answers.filter(({ name }) => name === 'right-code');
  const [wrong] = answers.filter(({ name }) => name === 'wrong-code');
  if (!right || !wrong) throw new Error('no answers');
  const attempts = (change: (attempt: KnownAnswer['attempts'][number]) => object): Partial<KnownAnswer> => ({
    attempts: right.attempts.map((attempt) => ({ ...attempt, ...change(attempt) })),
  });
  const { attempts: others } = wrong;
  return [
    [
      'votes of too few nodes',
      () =>
        passes(
          'right-code',
          attempts(({ votes }) => ({ votes: votes.slice(0, 2) })),
        ),
    ],
    [
      'one evaluation three times',
      () =>
        passes(
          'right-code',
          attempts(({ evaluations: [one] }) => ({ evaluations: one ? [one, one, one] : [] })),
        ),
    ],
    [
      "another attempt's evaluations",
      () =>
        passes(
          'right-code',
          attempts(() => ({ evaluations: others[0]?.evaluations ?? [] })),
        ),
    ],
    [
      'evaluations that no node signed',
      () => {
        const unsigned = attempts(({ evaluations }) => ({
          evaluations: evaluations.map((one) => ({ ...one, signature: 'A'.repeat(86) })),
        }));
        return passes('right-code', unsigned);
      },
    ],
    ['views asked for elsewhere in the transcript', () => passes('right-code', {}, 'lock')],
    ['views of too few nodes', () => passes('right-code', { views: right.views.slice(0, 2) })],
    ['a wrong code called right', () => passes('wrong-code', { name: 'right-code' })],
    ['a lock that nobody says', () => passes('wrong-code', { name: 'lock' })],
    ['nodes called absent that answered', () => passes('minority-lost', { absent: [1] }) && passes('minority-lost', { absent: [2] })],
  ];
}
