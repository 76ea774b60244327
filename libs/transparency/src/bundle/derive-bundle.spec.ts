import { describe, expect, it } from '@jest/globals';
import { enrolmentDigest, signEnrolment } from '../enrolment/enrolment.js';
import { exampleEnrolment, exampleFleet, exampleSigner, exampleText, exampleTrustRoot, NOW_SECONDS } from '../example/example-bundle.js';
import { deriveBundleText } from './derive-bundle.js';
import { bundleDigest } from './format-bundle.js';
import { parseBundle } from './parse-bundle.js';

const hsm = { environment: 'hsm', keystore: 'pkcs11' } as const;
const statements = (seeds: readonly number[], changes = {}): Uint8Array[] =>
  seeds.map((seed) => signEnrolment(exampleEnrolment(seed, changes), exampleSigner(seed)));

describe('deriving a bundle', () => {
  it('takes keys and digests from the signed statements', () => {
    const [fleet] = parseBundle(exampleText()).fleets;
    exampleFleet().statements.forEach((statement, i) => {
      const { identityKey, hpkeKey } = exampleEnrolment(i + 1);
      expect(fleet?.members[i]).toEqual({ index: i + 1, identityKey, hpkeKey, evidence: enrolmentDigest(statement) });
    });
  });

  it('chains epochs by the leaf hash of the text before', () => {
    const first = exampleText();
    const second = parseBundle(exampleText(first));
    expect(second.epoch).toBe(2);
    expect(second.previous).toEqual(bundleDigest(first));
    expect(parseBundle(first).previous).toEqual(new Uint8Array(32));
  });

  it('gives one text whatever the order of the fleets in the evidence', () => {
    const other = exampleFleet({ fleetId: 'ap-1', statements: statements([11, 12, 13, 14, 15]) });
    expect(exampleText(undefined, [exampleFleet(), other])).toBe(exampleText(undefined, [other, exampleFleet()]));
  });

  it('says hsm only when every member does', () => {
    const environment = (...sets: Uint8Array[][]): string =>
      parseBundle(exampleText(undefined, [exampleFleet({ statements: sets.flat() })])).environment;
    expect(environment(statements([1, 2, 3, 4, 5], hsm))).toBe('hsm');
    expect(environment(statements([1, 2, 3, 4], hsm), statements([5]))).toBe('software');
  });

  it('refuses a forged statement', () => {
    const forged = signEnrolment(exampleEnrolment(5), exampleSigner(5));
    forged[forged.length - 10] = 0x41;
    expect(() => exampleText(undefined, [exampleFleet({ statements: [...statements([1, 2, 3, 4]), forged] })])).toThrow(
      expect.objectContaining({ name: 'FormatError' }),
    );
  });

  it.each([
    ['members within an epoch', { statements: statements([1, 2, 3, 4, 6]) }],
    ['parameters within an epoch', { attempts: 20 }],
    ['the key stretching within an epoch', { ksf: 'argon2id:8:1:1' }],
    ['the id, so that the old fleet is gone', { fleetId: 'eu-2' }],
  ])('refuses a successor that changes %s', (_, changes) => {
    expect(() => exampleText(exampleText(), [exampleFleet(changes)])).toThrow(expect.objectContaining({ field: 'fleet eu-1' }));
  });

  const other = exampleFleet({ fleetId: 'eu-2', statements: statements([11, 12, 13, 14, 15]) });
  const listed = (text: string): string[] => parseBundle(text).fleets.map(({ fleetId, state }) => `${fleetId} ${state}`);

  it('announces a forming fleet as active, revokes a retired one once and leaves it out afterwards', () => {
    const first = exampleText(undefined, [exampleFleet({ state: 'forming' }), other]);
    expect(listed(first)).toEqual(['eu-1 active', 'eu-2 active']);
    const draining = exampleText(first, [exampleFleet({ state: 'draining' }), other]);
    expect(listed(draining)).toEqual(['eu-1 draining', 'eu-2 active']);
    const retired = exampleFleet({ state: 'retired' });
    const revoked = exampleText(draining, [retired, other]);
    expect(listed(revoked)).toEqual(['eu-1 revoked', 'eu-2 active']);
    expect(listed(exampleText(revoked, [retired, other]))).toEqual(['eu-2 active']);
    expect(listed(exampleText(undefined, [retired, other]))).toEqual(['eu-2 active']);
  });

  it('never lets a fleet or its epoch come back', () => {
    const draining = exampleText(undefined, [exampleFleet({ state: 'draining' }), other]);
    const revoked = exampleText(draining, [exampleFleet({ state: 'retired' }), other]);
    expect(() => exampleText(draining, [exampleFleet(), other])).toThrow(expect.objectContaining({ field: 'fleet eu-1' }));
    expect(() => exampleText(revoked, [exampleFleet({ epoch: 2 }), other])).toThrow(expect.objectContaining({ field: 'fleet eu-1' }));
    const later = exampleText(undefined, [exampleFleet({ epoch: 2 })]);
    expect(() => exampleText(later, [exampleFleet()])).toThrow(expect.objectContaining({ field: 'fleet eu-1' }));
  });

  it('lets one member change with the epoch of the fleet', () => {
    const changed = exampleFleet({ epoch: 2, statements: statements([1, 2, 3, 4, 6]) });
    expect(parseBundle(exampleText(exampleText(), [changed])).fleets[0]).toMatchObject({ epoch: 2 });
  });

  it('lets a fleet go on to its next epoch with the same members, to make its shares anew', () => {
    expect(parseBundle(exampleText(exampleText(), [exampleFleet({ epoch: 2 })])).fleets[0]).toMatchObject({ epoch: 2 });
  });

  it.each([
    ['skips an epoch', { epoch: 3, statements: statements([1, 2, 3, 4, 6]) }],
    ['replaces two members', { epoch: 2, statements: statements([1, 2, 3, 7, 6]) }],
    ['lets two members change places', { epoch: 2, statements: statements([2, 1, 3, 4, 5]) }],
    ['changes the number of attempts', { epoch: 2, attempts: 20, statements: statements([1, 2, 3, 4, 6]) }],
    ['changes the votes needed', { epoch: 2, q: 4, statements: statements([1, 2, 3, 4, 6]) }],
  ])('refuses an epoch that %s', (_what, change) => {
    expect(() => exampleText(exampleText(), [exampleFleet(change)])).toThrow(expect.objectContaining({ field: 'fleet eu-1' }));
  });

  it('refuses an issue time before that of the bundle before', () => {
    const input = {
      trustRoot: exampleTrustRoot,
      previousText: exampleText(),
      issuedAt: NOW_SECONDS - 11,
      expiresAt: NOW_SECONDS + 9,
      fleets: [exampleFleet()],
    };
    expect(() => deriveBundleText(input)).toThrow(expect.objectContaining({ field: 'issued' }));
  });
});
