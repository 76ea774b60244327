import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { utf8 } from '@strongroom/protocol';
import { behavesAsKeystore } from './keystore.suite.js';
import { SealedFileKeystore, type SealedFileOptions } from './sealed-file-keystore.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keystore-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (options: Partial<SealedFileOptions> = {}): SealedFileKeystore =>
  SealedFileKeystore.open({ folder, passphrase: null, mayCreate: true, random: new SystemRandom(), ...options });
const refusal = (file: string): unknown => expect.objectContaining({ code: 'INTERNAL', metadata: { file } });

describe('a keystore in a sealed file', () => {
  behavesAsKeystore(() => Promise.resolve(open()));

  it.each([
    ['a key file', null],
    ['a passphrase', 'correct horse'],
  ] as const)('opens again with %s', (_name, passphrase) => {
    const secret = (): Uint8Array | null => (passphrase === null ? null : utf8(passphrase));
    const first = open({ passphrase: secret() });
    const again = open({ passphrase: secret(), mayCreate: false });
    expect(again.identityPublicKey).toEqual(first.identityPublicKey);
    expect(again.openAtRest(utf8('a'), first.sealAtRest(utf8('a'), utf8('text')))).toEqual(utf8('text'));
  });

  it('is readable by its user alone', () => {
    open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of ['keystore.sealed', 'keystore.key']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('refuses another passphrase, an empty one and none', () => {
    open({ passphrase: utf8('right') });
    expect(() => open({ passphrase: utf8('wrong') })).toThrow(refusal('keystore.sealed'));
    expect(() => open({ passphrase: new Uint8Array(0) })).toThrow(refusal('KEYSTORE_PASSPHRASE_FILE'));
    expect(() => open()).toThrow(refusal('keystore.key'));
  });

  it('refuses a file with any byte changed, cut short or empty', () => {
    open();
    const path = join(folder, 'keystore.sealed');
    const good = readFileSync(path);
    for (const at of good.keys()) {
      writeFileSync(
        path,
        good.map((byte, i) => (i === at ? byte ^ 0x40 : byte)),
      );
      expect(() => open()).toThrow(refusal('keystore.sealed'));
    }
    for (const length of [0, 1, good.length - 1]) {
      writeFileSync(path, good.subarray(0, length));
      expect(() => open()).toThrow(refusal('keystore.sealed'));
    }
    writeFileSync(path, good);
    open();
  });

  it('makes no new keys for a node that has data already', () => {
    expect(() => open({ mayCreate: false })).toThrow(refusal('keystore.sealed'));
  });

  it('starts over when the first boot was cut before the keystore was written', () => {
    open();
    rmSync(join(folder, 'keystore.sealed'));
    expect(open().identityPublicKey).toHaveLength(32);
  });

  it('refuses to open without its key file', () => {
    open();
    rmSync(join(folder, 'keystore.key'));
    expect(() => open()).toThrow(refusal('keystore.key'));
  });
});
