import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '../encoding/bytes.js';
import { nobleVerifier } from '../keys/noble-signature.js';
import { parseRecord } from '../record/record-codec.js';
import { refusal } from '../vectors/refusal.js';
import { attemptCore, deviceSigner, otherSigner, ownerSigner, sampleCores, sampleEntries } from '../vectors/samples.js';
import { readVectors } from '../vectors/vectors.js';
import { mayHaveOwner, type EntryCore } from './entry-core.js';
import { encodeEntryCore, parseEntryCore } from './entry-core-codec.js';
import { entryId } from './entry-id.js';
import { signEntry, verifyEntrySignature, verifyOwnerSignature } from './entry-signature.js';
import { encodeEntry, parseEntry, type Entry } from './entry.js';
import { encodeLogValue, logValueHash, parseLogValue } from './log-value.js';

interface InvalidCases {
  readonly cases: readonly {
    readonly name: string;
    readonly parser: 'core' | 'entry' | 'record' | 'logValue';
    readonly field: string;
    readonly hex: string;
  }[];
}

const parsers = { core: parseEntryCore, entry: parseEntry, record: parseRecord, logValue: parseLogValue } as const;
const random = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const cores: fc.Arbitrary<EntryCore> = fc
  .tuple(fc.constantFrom(...sampleCores), random(32), random(16), random(32), fc.integer({ min: 1, max: 0xffffffff }))
  .map(([core, uid, nonce, recordHash, ver]) =>
    core.kind === 'register' ? { ...core, uid, nonce, recordHash, ver } : { ...core, uid, nonce, ver },
  );
const entries: fc.Arbitrary<Entry> = fc
  .tuple(cores, random(64), fc.option(random(64)), fc.stringMatching(/^[\w-]{1,40}\.[\w-]{1,40}\.[\w-]{1,40}$/))
  .map(([core, signature, owner, token]) => ({
    core,
    signature,
    ownerSignature: mayHaveOwner(core) ? owner : null,
    token: core.kind === 'reshare' ? '' : token,
  }));

describe('entries', () => {
  it('come back from their encoding as they were', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(), (entry, stampMs, lastOk) => {
        expect(parseEntryCore(encodeEntryCore(entry.core))).toEqual(entry.core);
        expect(parseEntry(encodeEntry(entry))).toEqual(entry);
        expect(parseLogValue(encodeLogValue({ stampMs, lastOk, entry }))).toEqual({ stampMs, lastOk, entry });
      }),
    );
  });

  it.each(sampleEntries)('of kind $core.kind are refused at every truncation and with a trailing byte', (entry) => {
    const encodings = [
      { parse: parseEntryCore, bytes: encodeEntryCore(entry.core) },
      { parse: parseEntry, bytes: encodeEntry(entry) },
      { parse: parseLogValue, bytes: encodeLogValue({ stampMs: 1, lastOk: 0, entry }) },
    ];
    for (const { parse, bytes } of encodings) {
      for (let length = 0; length < bytes.length; length++) {
        expect(refusal(() => parse(bytes.subarray(0, length), () => true))).toMatch(/^REQUEST_INVALID /);
      }
      expect(refusal(() => parse(concat(bytes, Uint8Array.of(0))))).toMatch(/^REQUEST_INVALID /);
    }
  });

  it('have one encoding each: whatever parses encodes back to the same bytes', () => {
    const encodings = sampleEntries.map((entry) => encodeEntry(entry));
    fc.assert(
      fc.property(fc.constantFrom(...encodings), fc.nat(), fc.nat(255), (bytes, at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at % bytes.length] = value;
        const outcome = refusal(() => expect(toHex(encodeEntry(parseEntry(changed)))).toBe(toHex(changed)));
        expect(outcome).toMatch(/^(accepted|REQUEST_INVALID .+)$/);
      }),
      { numRuns: 500 },
    );
  });

  it.each(readVectors<InvalidCases>('invalid/encodings.json').cases)('refuses $parser: $name', ({ parser, field, hex }) => {
    expect(refusal(() => parsers[parser](fromHex(hex)))).toBe(`REQUEST_INVALID ${field}`);
  });
});

describe('entryId', () => {
  it('ignores token and signatures and differs by core', () => {
    expect(new Set(sampleCores.map((core) => toHex(entryId(core)))).size).toBe(sampleCores.length);
    fc.assert(
      fc.property(cores, cores, (a, b) => {
        const same = toHex(encodeEntryCore(a)) === toHex(encodeEntryCore(b));
        expect(toHex(entryId(a)) === toHex(entryId(b))).toBe(same);
      }),
    );
  });
});

describe('entry signatures', () => {
  it.each(sampleEntries)('of kind $core.kind verify under their own keys only', (entry) => {
    expect(verifyEntrySignature(entry, nobleVerifier)).toBe(true);
    const stolen: Entry = { ...entry, core: { ...entry.core, bindingKey: otherSigner.publicKey } };
    expect(verifyEntrySignature(stolen, nobleVerifier)).toBe(false);
    expect(verifyOwnerSignature(entry, ownerSigner.publicKey, nobleVerifier)).toBe(mayHaveOwner(entry.core));
    expect(verifyOwnerSignature(entry, otherSigner.publicKey, nobleVerifier)).toBe(false);
    const moved: Entry = { ...entry, core: { ...entry.core, ver: entry.core.ver + 1 } };
    expect(verifyEntrySignature(moved, nobleVerifier)).toBe(false);
    expect(verifyOwnerSignature(moved, ownerSigner.publicKey, nobleVerifier)).toBe(false);
  });

  it('do not hold once somebody strips or swaps the owner signature', () => {
    for (const entry of sampleEntries.filter(({ ownerSignature }) => ownerSignature !== null)) {
      expect(verifyEntrySignature({ ...entry, ownerSignature: null }, nobleVerifier)).toBe(false);
      expect(verifyEntrySignature({ ...entry, ownerSignature: new Uint8Array(64) }, nobleVerifier)).toBe(false);
    }
  });

  it('of the binding key never pass for the owner, even when one key serves for both', () => {
    const core = sampleCores[2] ?? attemptCore;
    const { signature } = signEntry(core, deviceSigner, null);
    const forged: Entry = { core, signature, ownerSignature: signature, token: 'a.b.c' };
    expect(verifyOwnerSignature(forged, deviceSigner.publicKey, nobleVerifier)).toBe(false);
  });

  it('are not made by another key or, for an attempt, by the owner', () => {
    expect(refusal(() => signEntry(attemptCore, otherSigner, null))).toBe('REQUEST_INVALID bindingKey');
    expect(refusal(() => signEntry(attemptCore, deviceSigner, ownerSigner))).toBe('REQUEST_INVALID ownerSignature');
  });
});

describe('logValueHash', () => {
  it('covers stamp, lastOk, token and signatures', () => {
    const [entry] = sampleEntries;
    if (entry === undefined) throw new Error('no sample');
    const value = { stampMs: 1, lastOk: 0, entry };
    const values = [value, { ...value, stampMs: 2 }, { ...value, lastOk: 1 }, { ...value, entry: { ...entry, token: 'a.b.c' } }];
    expect(new Set(values.map((item) => toHex(logValueHash(encodeLogValue(item))))).size).toBe(values.length);
  });
});
