import { describe, expect, it } from '@jest/globals';
import { FormatError } from '../errors/format-error.js';
import { auditorSigner, exampleSigner, exampleTrustRoot, operatorSigner } from '../example/example-bundle.js';
import { exampleTrustedLog, loggedTrustRoot, logSigner, rotationSigners, witnessSigners } from '../example/example-log.js';
import { assembleNote } from '../note/sign-note.js';
import { makeCosignerVkey, makeVkey } from '../vkey/vkey.js';
import { rotateTrustRoot, rotateTrustRoots, signTrustRoot } from './rotate-trust-root.js';
import { formatTrustRoot, parseTrustRoot, trustRootDigest } from './trust-root-document.js';
import type { TrustRoot } from './trust-root.js';

const newSigners = [241, 242, 243].map(exampleSigner);
const newKeys = newSigners.map(({ publicKey }, i) => makeVkey(`custodian.example/new-${i + 1}`, publicKey));
const next: TrustRoot = { ...loggedTrustRoot, version: 2, rotation: { threshold: 2, keys: newKeys } };
const old = (root: TrustRoot, ...custodians: readonly number[]) =>
  custodians.map((i) => signTrustRoot(root, `custodian.example/${i}`, rotationSigners[i - 1] ?? exampleSigner(1)));
const young = (root: TrustRoot, ...custodians: readonly number[]) =>
  custodians.map((i) => signTrustRoot(root, `custodian.example/new-${i}`, newSigners[i - 1] ?? exampleSigner(1)));
const signed = (root: TrustRoot, before: readonly number[], after: readonly number[]): string =>
  assembleNote(formatTrustRoot(root), [...old(root, ...before), ...young(root, ...after)]);
const rotation = expect.objectContaining({ field: 'rotation' });

describe('a trust root with a log', () => {
  const text = formatTrustRoot(loggedTrustRoot);

  it('is read as it was written, and named by another digest than one without', () => {
    expect(parseTrustRoot(text)).toEqual(loggedTrustRoot);
    expect(trustRootDigest(loggedTrustRoot)).not.toEqual(trustRootDigest(exampleTrustRoot));
  });

  it.each([
    ['witnesses without a log', /\n {2}"log": .*/, ''],
    ['a log without witnesses', /\n {2}"witnesses": \[[^\]]*\],/, ''],
    ['a witness of type 0x01', / witness.example\S+/, ` ${text.match(/"operator": "(.*)"/)?.[1] ?? ''}`],
    ['a policy that is not in its one text', '"quorum two"', '"quorum  two"'],
    ['a policy that lists logs', '"quorum two"', `"log ${text.match(/"operator": "(.*)"/)?.[1] ?? ''}", "quorum two"`],
    ['a number among the keys', '"keys": [', '"keys": [\n      1,'],
    ['a threshold of zero', '"threshold": 2', '"threshold": 0'],
    ['a threshold above the keys', '"threshold": 2', '"threshold": 4'],
  ])('is refused with %s', (_, from, to) => {
    expect(text.replace(from, to)).not.toBe(text);
    expect(() => parseTrustRoot(text.replace(from, to))).toThrow(FormatError);
  });

  it('never has one key or one name in two roles', () => {
    const log = exampleTrustedLog;
    const taken: readonly TrustRoot[] = [
      { ...loggedTrustRoot, log: { ...log, vkey: makeVkey('log.example', operatorSigner.publicKey) } },
      { ...loggedTrustRoot, log: { ...log, vkey: makeVkey(loggedTrustRoot.auditor.name, logSigner.publicKey) } },
      { ...loggedTrustRoot, log: { ...log, evidence: makeVkey('evidence.example', logSigner.publicKey) } },
      { ...loggedTrustRoot, log: { ...log, witnesses: witnessOf(makeCosignerVkey('w.example', auditorSigner.publicKey)) } },
      { ...loggedTrustRoot, log: { ...log, witnesses: witnessOf(makeCosignerVkey('w.example', logSigner.publicKey)) } },
      { ...loggedTrustRoot, rotation: { threshold: 1, keys: [makeVkey('c.example', (witnessSigners[0] ?? logSigner).publicKey)] } },
      { ...loggedTrustRoot, rotation: { threshold: 2, keys: [newKeys[0] ?? log.vkey, newKeys[0] ?? log.vkey] } },
    ];
    for (const root of taken) expect(() => formatTrustRoot(root)).toThrow(FormatError);
  });

  it('never has the first line of a bundle as an origin', () => {
    const vkey = makeVkey(`${loggedTrustRoot.namespace}/fleet-keys/v1`, logSigner.publicKey);
    for (const log of [
      { ...exampleTrustedLog, vkey },
      { ...exampleTrustedLog, evidence: { ...vkey, publicKey: exampleSigner(5).publicKey } },
    ]) {
      expect(() => formatTrustRoot({ ...loggedTrustRoot, log })).toThrow(expect.objectContaining({ field: 'log' }));
    }
  });
});

describe('replacing a trust root', () => {
  it('takes two of three keys in force and two of three of the next version, with strangers beside them', () => {
    expect(rotateTrustRoot(loggedTrustRoot, signed(next, [1, 3], [2, 3]))).toEqual(next);
    const lines = [signTrustRoot(next, 'stranger.example', exampleSigner(77)), ...old(next, 1, 2, 3), ...young(next, 1, 2, 3)];
    expect(rotateTrustRoot(loggedTrustRoot, assembleNote(formatTrustRoot(next), lines))).toEqual(next);
  });

  it('goes step by step through all versions between', () => {
    const third: TrustRoot = { ...next, version: 3 };
    const steps = [signed(next, [1, 2], [1, 2]), signed(third, [], [1, 2])];
    expect(rotateTrustRoots(loggedTrustRoot, steps)).toEqual(third);
    expect(() => rotateTrustRoots(loggedTrustRoot, steps.slice(1))).toThrow(rotation);
    expect(() => rotateTrustRoot(next, signed(next, [], [1, 2]))).toThrow(expect.objectContaining({ field: 'version' }));
  });

  it.each([
    ['the new keys alone', [], [1, 2, 3]],
    ['the keys in force alone', [1, 2, 3], []],
    ['one key in force', [1], [1, 2]],
    ['one key in force, twice', [1, 1], [1, 2]],
    ['one new key', [1, 2], [1]],
  ])('is refused by %s', (_, before, after) => {
    expect(() => rotateTrustRoot(loggedTrustRoot, signed(next, before, after))).toThrow(rotation);
  });

  it('is refused for a text that was changed, another namespace, a version that was left out, and one without keys', () => {
    const changed = signed(next, [1, 2], [1, 2]).replace('"recoverMaxAgeDays": 30', '"recoverMaxAgeDays": 31');
    expect(() => rotateTrustRoot(loggedTrustRoot, changed)).toThrow(expect.objectContaining({ field: 'note' }));
    const elsewhere = { ...next, namespace: 'strongroom.example/other' };
    expect(() => rotateTrustRoot(loggedTrustRoot, signed(elsewhere, [1, 2], [1, 2]))).toThrow(
      expect.objectContaining({ field: 'namespace' }),
    );
    const later = { ...next, version: 3 };
    expect(() => rotateTrustRoot(loggedTrustRoot, signed(later, [1, 2], [1, 2]))).toThrow(expect.objectContaining({ field: 'version' }));
    const last: TrustRoot = { ...next, rotation: undefined };
    expect(() => rotateTrustRoot(loggedTrustRoot, assembleNote(formatTrustRoot(last), old(last, 1, 2)))).toThrow(rotation);
    expect(() => rotateTrustRoot(exampleTrustRoot, signed(next, [1, 2], [1, 2]))).toThrow(rotation);
  });
});

function witnessOf(vkey: ReturnType<typeof makeCosignerVkey>): typeof exampleTrustedLog.witnesses {
  return { logs: [], witnesses: [{ name: 'w', vkey }], groups: [], quorum: 'w' };
}
