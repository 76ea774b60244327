import { describe, expect, it } from '@jest/globals';
import { verifyBundle } from '../check/verify-bundle.js';
import { deriveBundleText } from '../bundle/derive-bundle.js';
import { parseBundle } from '../bundle/parse-bundle.js';
import { toHex, utf8 } from '../encoding/octets.js';
import { signEnrolment } from '../enrolment/enrolment.js';
import {
  auditorSigner,
  exampleEnrolment,
  exampleFleet,
  exampleNote,
  exampleSigner,
  exampleTrustRoot,
  NOW_SECONDS,
  operatorSigner,
} from '../example/example-bundle.js';
import {
  custodialTrustRoot,
  custodianSigners,
  exampleDeployment,
  exampleStatement,
  signedByCustodians,
} from '../example/example-deployment.js';
import { formatTrustRoot, parseTrustRoot } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { makeVkey } from '../vkey/vkey.js';
import { deploymentChecks, type Signers } from './deployment-checks.js';
import { signEnvelope, type Envelope } from './dsse.js';
import type { Deployment } from './roster-digest.js';

const failedAt = (envelope: Envelope, trustRoot = custodialTrustRoot, signers: Signers = 'custodians'): readonly string[] =>
  deploymentChecks(envelope, trustRoot, signers)
    .checks.filter(({ outcome }) => outcome === 'failed')
    .map(({ check }) => check);

describe('the checks of a deployment', () => {
  const signed = signedByCustodians(exampleStatement());
  const whole = signEnvelope(
    signEnvelope(signed, exampleTrustRoot.auditor.name, auditorSigner),
    exampleTrustRoot.operator.name,
    operatorSigner,
  );

  it('hold for one that everybody signed', () => {
    expect(failedAt(whole, custodialTrustRoot, 'all')).toEqual([]);
  });

  it('name who has not signed', () => {
    expect(failedAt(signed, custodialTrustRoot, 'all')).toEqual(['auditor', 'operator']);
    expect(failedAt(signedByCustodians(exampleStatement(), 1))).toEqual(['custodians']);
  });

  it('count a custodian who signs twice once', () => {
    const one = signedByCustodians(exampleStatement(), 1);
    expect(failedAt({ ...one, signatures: [...one.signatures, ...one.signatures] })).toEqual(['custodians']);
  });

  it("take no custodian's signature under another name", () => {
    const [, second] = custodianSigners;
    if (!second) throw new Error('no signer');
    const posing = signEnvelope(signedByCustodians(exampleStatement(), 1), 'custodian.example/9', second);
    expect(failedAt(posing)).toEqual(['custodians']);
  });

  it('demand the trust root and the namespace that the reader has', () => {
    expect(failedAt(signed, { ...custodialTrustRoot, version: 2 })).toEqual(['trust-root']);
    expect(failedAt(signed, { ...custodialTrustRoot, namespace: 'other.example' })).toEqual(['trust-root']);
  });

  it('fail at the statement and at the signatures when a byte was changed', () => {
    const payload = utf8(new TextDecoder().decode(signed.payload).replace('"who":"olga"', '"who":"otto"'));
    expect(failedAt({ ...signed, payload })).toEqual(['custodians']);
    expect(failedAt({ ...signed, payload }, custodialTrustRoot, 'all')).toEqual(['custodians', 'statement', 'auditor', 'operator']);
  });

  it('never hold for a trust root without custodians', () => {
    expect(failedAt(signed, exampleTrustRoot)).toEqual(['custodians']);
  });
});

describe('a bundle under custodians', () => {
  const issuedAt = NOW_SECONDS;
  const derive = (
    deployment: Deployment | undefined,
    fleets = [exampleFleet()],
    previousText?: string,
    trustRoot: TrustRoot = custodialTrustRoot,
  ): string => deriveBundleText({ trustRoot, previousText, issuedAt, expiresAt: issuedAt + 86_400, fleets, deployment });
  const refused = expect.objectContaining({ field: 'deployment' });
  const admission = exampleDeployment();
  const replaced = exampleFleet({
    epoch: 2,
    state: 'forming',
    statements: [signEnrolment(exampleEnrolment(9), exampleSigner(9)), ...exampleFleet().statements.slice(1)],
  });

  it('names the statement that the signer holds', () => {
    expect(parseBundle(derive(admission)).deployment).toEqual(admission.digest);
  });

  it('is accepted by clients with one alone', () => {
    const verify = (text: string) =>
      verifyBundle({
        source: exampleNote(text),
        trustRoot: custodialTrustRoot,
        memory: undefined,
        purpose: 'register',
        nowMs: issuedAt * 1000,
      });
    const text = derive(admission);
    expect(verify(text).bundle.deployment).toEqual(admission.digest);
    const none = text.replace(/^deployment .*$/m, 'deployment none');
    expect(() => verify(none)).toThrow(expect.objectContaining({ check: 'trust-root', kind: 'invalid' }));
  });

  it('is not derived without one', () => {
    expect(() => derive(undefined)).toThrow(refused);
  });

  it.each([
    ['a machine that nobody attested', [replaced]],
    ['other parameters', [exampleFleet({ attempts: 11 })]],
    [
      'a second fleet',
      [
        exampleFleet(),
        exampleFleet({
          fleetId: 'eu-2',
          statements: [21, 22, 23, 24, 25].map((seed) => signEnrolment(exampleEnrolment(seed), exampleSigner(seed))),
        }),
      ],
    ],
    ['members in another order', [exampleFleet({ statements: exampleFleet().statements.slice().reverse() })]],
  ])('is not derived with %s', (_what, fleets) => {
    expect(() => derive(admission, fleets)).toThrow(refused);
  });

  it('needs no ceremony for a fleet that drains', () => {
    expect(parseBundle(derive(admission, [exampleFleet({ state: 'draining' })], derive(admission))).deployment).toEqual(admission.digest);
  });

  it('goes from one statement to the one that follows it, and to no other', () => {
    const first = derive(admission);
    const next = exampleDeployment({ fleets: [replaced], predecessor: `sha256:${toHex(admission.digest)}` });
    expect(parseBundle(derive(next, [replaced], first)).deployment).toEqual(next.digest);
    expect(() => derive(exampleDeployment({ fleets: [replaced] }), [replaced], first)).toThrow(refused);
    expect(() => derive(undefined, [exampleFleet()], first, exampleTrustRoot)).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });
});

describe('custodians in the trust root', () => {
  const keys = custodialTrustRoot.custodians?.keys ?? [];
  const [first] = keys;
  if (!first) throw new Error('no key');

  it('are written and read in one encoding', () => {
    const text = formatTrustRoot(custodialTrustRoot);
    expect(parseTrustRoot(text)).toEqual(custodialTrustRoot);
    expect(formatTrustRoot(parseTrustRoot(formatTrustRoot(exampleTrustRoot)))).not.toContain('custodians');
  });

  it.each([
    ['a threshold of none', { threshold: 0, keys }],
    ['a threshold above their number', { threshold: 4, keys }],
    ['one of them twice', { threshold: 1, keys: [first, first] }],
    ['one key under two names', { threshold: 1, keys: [first, makeVkey('other.example/2', first.publicKey)] }],
    ['the operator among them', { threshold: 1, keys: [exampleTrustRoot.operator] }],
    ['the key of the auditor among them', { threshold: 1, keys: [makeVkey('x.example/1', exampleTrustRoot.auditor.publicKey)] }],
  ])('are refused with %s', (_what, custodians) => {
    expect(() => formatTrustRoot({ ...exampleTrustRoot, custodians })).toThrow(expect.objectContaining({ field: 'custodians' }));
  });
});
