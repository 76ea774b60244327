import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBundle } from '../bundle/parse-bundle.js';
import { fromUtf8, toHex, utf8 } from '../encoding/octets.js';
import { signEnrolment } from '../enrolment/enrolment.js';
import { exampleEnrolment, exampleFleet, exampleSigner, exampleText, NOW_SECONDS } from '../example/example-bundle.js';
import { attestedFleet, exampleSoftware, exampleStatement } from '../example/example-deployment.js';
import { canonicalJson } from './canonical-json.js';
import { KNOWN_ANSWERS, knownAnswerStep, type KnownAnswer } from './known-answer.js';
import { deploymentName, formatStatement, parseStatement } from './parse-statement.js';
import { rosterDigest } from './roster-digest.js';
import type { DeploymentPredicate } from './statement.js';
import { appendStep, outputDigest } from './transcript.js';

const statement = exampleStatement();
const payload = formatStatement(statement);
const { predicate } = statement;
const [fleet] = predicate.fleets;
const [member] = fleet?.members ?? [];
if (!fleet || !member) throw new Error('no example');

/** As `formatStatement` writes it, whatever it says. */
const written = (changed: object): Uint8Array => utf8(canonicalJson(JSON.parse(JSON.stringify(changed))));
const refused = { name: 'FormatError' };

describe('a deployment statement', () => {
  it('is an in-toto statement in its one encoding, read back as it was written', () => {
    expect(parseStatement(payload)).toEqual(statement);
    expect(formatStatement(parseStatement(payload))).toEqual(payload);
    expect(JSON.parse(fromUtf8(payload, 'payload'))).toMatchObject({ _type: 'https://in-toto.io/Statement/v1' });
    expect(deploymentName({ payload })).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('says its environment before anything else', () => {
    expect(fromUtf8(payload, 'payload')).toMatch(/"predicate":\{"environment":"software",/);
  });

  it('names each fleet by the digest of its lines in a bundle, whatever state it is in', () => {
    const [listed] = parseBundle(exampleText()).fleets;
    if (!listed) throw new Error('no fleet');
    expect(statement.subject[0]?.digest.sha256).toBe(toHex(rosterDigest({ ...listed, state: 'draining' })));
  });

  it('is refused with any byte changed, unless it still is a whole statement in its one encoding', () => {
    const source = fromUtf8(payload, 'payload');
    fc.assert(
      fc.property(fc.nat({ max: source.length - 1 }), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const changed = utf8(source.slice(0, at) + String.fromCharCode(code) + source.slice(at + 1));
        let read: Uint8Array;
        try {
          read = formatStatement(parseStatement(changed));
        } catch (error) {
          expect(error).toMatchObject(refused);
          return;
        }
        expect(read).toEqual(changed);
      }),
      { numRuns: 300 },
    );
  });

  const withMember = (changes: object) => ({
    ...predicate,
    fleets: [{ ...fleet, members: [{ ...member, ...changes }, ...fleet.members.slice(1)] }],
  });
  const stranger = attestedFleet(
    exampleFleet({ statements: [6, 2, 3, 4, 5].map((seed) => signEnrolment(exampleEnrolment(seed), exampleSigner(seed))) }),
  );

  it.each<[string, object]>([
    ['an environment that the members do not say', { ...predicate, environment: 'hsm' }],
    ['a member missing', { ...predicate, fleets: [{ ...fleet, members: fleet.members.slice(1) }] }],
    ['another member than the subject', { ...predicate, fleets: [stranger] }],
    ['a member twice', withMember({ ...fleet.members[1], index: 1 })],
    ['a key that the member did not sign', withMember({ identityKey: fleet.members[1]?.identityKey })],
    ['a keystore that the member did not sign', withMember({ keystore: 'pkcs11' })],
    ['an enrolment digest that is another', withMember({ digest: fleet.members[1]?.digest })],
    ['an enrolment that its key did not sign', withMember({ statement: member.statement.replace('software 0.1.0', 'software 0.1.1') })],
    ['parameters that no fleet may have', { ...predicate, fleets: [{ ...fleet, q: 2 }] }],
    ['other parameters than the subject', { ...predicate, fleets: [{ ...fleet, attempts: 11 }] }],
    ['a fleet that is none of the fleets', { ...predicate, fleet: 'other' }],
    ['a transcript step changed', { ...predicate, transcript: predicate.transcript.map((step) => ({ ...step, who: 'otto' })) }],
    [
      'a transcript without the software',
      { ...predicate, transcript: predicate.transcript.slice(1).map((step) => ({ ...step, previous: '0'.repeat(64) })) },
    ],
    [
      'software that the transcript does not name',
      { ...predicate, software: { ...exampleSoftware, artifacts: [{ name: 'other', digest: { sha256: '3'.repeat(64) } }] } },
    ],
    ['an issue before its last step', { ...predicate, issued: NOW_SECONDS - 3_600 }],
    ['answers in an admission', { ...predicate, knownAnswers: [answerOf('right-code')] }],
    ['a member too many', { ...predicate, zeal: 1 }],
    ['a secret where a name should be', { ...predicate, namespace: 'Upper' }],
  ])('is refused with %s', (_what, changed) => {
    expect(() => parseStatement(written({ ...statement, predicate: changed }))).toThrow(expect.objectContaining(refused));
  });

  it.each(['', 'x', '[]', '{}', '\u0000', 'null', '['.repeat(150_000)])('refuses %.10j, which is no statement', (junk) => {
    expect(() => parseStatement(utf8(junk))).toThrow(expect.objectContaining(refused));
  });
});

function answerOf(name: KnownAnswer['name']): KnownAnswer {
  const view = {
    incarnation: 1,
    leafIndex: 0,
    node: 1,
    path: [],
    previous: 'A'.repeat(43),
    sequence: 0,
    signature: 'A'.repeat(86),
    statement: 'AA',
    treeSize: 1,
  };
  return { absent: [], account: '4'.repeat(64), attempts: [], name, views: [view] };
}

/** An acceptance with these answers in the transcript as well, those of `left` as exceptions. */
function acceptance(names: readonly KnownAnswer['name'][], left: readonly KnownAnswer['name'][]): DeploymentPredicate {
  const rest = { at: NOW_SECONDS - 40, who: 'olga' };
  const knownAnswers = names.map(answerOf);
  const told = knownAnswers.reduce(
    (transcript, answer) =>
      appendStep(transcript, { ...rest, exception: '', step: knownAnswerStep(answer.name), output: outputDigest(answer) }),
    predicate.transcript,
  );
  const transcript = left.reduce(
    (all, name) => appendStep(all, { ...rest, exception: 'left out', step: knownAnswerStep(name), output: 'none' }),
    told,
  );
  return { ...predicate, stage: 'acceptance', knownAnswers, transcript };
}

describe('an acceptance', () => {
  it('has all known answers, or says why the last two are missing', () => {
    for (const each of [acceptance(KNOWN_ANSWERS, []), acceptance(['right-code', 'wrong-code'], ['minority-lost', 'lock'])]) {
      expect(parseStatement(written({ ...statement, predicate: each })).predicate.stage).toBe('acceptance');
    }
  });

  it.each<[string, DeploymentPredicate]>([
    ['without any', acceptance([], [])],
    ['without the wrong code, though an exception says why', acceptance(['right-code'], ['wrong-code', 'minority-lost', 'lock'])],
    ['without the lock, and nothing says why', acceptance(['right-code', 'wrong-code', 'minority-lost'], [])],
    ['in another order', { ...acceptance(KNOWN_ANSWERS, []), knownAnswers: [...KNOWN_ANSWERS].reverse().map(answerOf) }],
    ['with an answer that the transcript does not name', { ...acceptance(KNOWN_ANSWERS, []), transcript: predicate.transcript }],
  ])('is refused %s', (_what, changed) => {
    expect(() => parseStatement(written({ ...statement, predicate: changed }))).toThrow(expect.objectContaining(refused));
  });
});
