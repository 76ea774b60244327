import { describe, expect, it } from '@jest/globals';
import { accountId } from '../account/account-id.js';
import { oprfInput } from '../account/oprf-input.js';
import { confirmationMessage } from '../confirmation/confirmation.js';
import { proveDleq, verifyDleq } from '../dleq/dleq.js';
import { fromHex, toHex } from '../encoding/bytes.js';
import { encodeEntryCore, parseEntryCore } from '../entry/entry-core-codec.js';
import { entryId } from '../entry/entry-id.js';
import { encodeEntry, parseEntry } from '../entry/entry.js';
import { encodeLogValue, logValueHash, parseLogValue } from '../entry/log-value.js';
import { reshareHeldMessage } from '../entry/reshare-statement.js';
import { nobleGroup } from '../group/noble-group.js';
import { confirmSeed, keyEncryptionKey } from '../keys/key-schedule.js';
import { encodeRecord, parseRecord, recordHash, sharingHash } from '../record/record-codec.js';
import { sealedShareInfo } from '../record/sealed-share.js';
import { readVectors } from './vectors.js';

interface EncodingVectors {
  readonly account: { readonly iss: string; readonly sub: string; readonly uid: string };
  readonly oprfInput: {
    readonly code: string;
    readonly normalized: string;
    readonly uid: string;
    readonly fleetId: string;
    readonly input: string;
  };
  readonly entries: readonly { readonly kind: string; readonly core: string; readonly entryId: string; readonly entry: string }[];
  readonly logValue: { readonly stampMs: number; readonly lastOk: number; readonly value: string; readonly hash: string };
  readonly record: { readonly record: string; readonly sharingHash: string; readonly hash: string; readonly shareInfoNode2: string };
  readonly confirmation: { readonly index: number; readonly attemptId: string; readonly message: string };
  readonly dleq: {
    readonly epoch: number;
    readonly node: number;
    readonly share: string;
    readonly publicShare: string;
    readonly evaluated: string;
    readonly random: string;
    readonly proof: string;
  };
  readonly reshareHeld: { readonly node: number; readonly message: string };
  readonly keySchedule: {
    readonly exportKey: string;
    readonly secret: string;
    readonly confirmSeed: string;
    readonly keyEncryptionKey: string;
  };
}

const vectors = readVectors<EncodingVectors>('valid/encodings.json');
const uid = fromHex(vectors.oprfInput.uid);

describe('the encodings of protocol version 1 do not change', () => {
  it('account id and OPRF input', () => {
    const { iss, sub, uid: expected } = vectors.account;
    expect(toHex(accountId(iss, sub))).toBe(expected);
    const { code, normalized, fleetId, input } = vectors.oprfInput;
    expect(toHex(oprfInput(code, uid, fleetId))).toBe(input);
    expect(toHex(oprfInput(normalized, uid, fleetId))).toBe(input);
  });

  it.each(vectors.entries)('entry of kind $kind', (vector) => {
    const entry = parseEntry(fromHex(vector.entry));
    expect(entry.core.kind).toBe(vector.kind);
    expect(entry.core).toEqual(parseEntryCore(fromHex(vector.core)));
    expect(toHex(encodeEntryCore(entry.core))).toBe(vector.core);
    expect(toHex(encodeEntry(entry))).toBe(vector.entry);
    expect(toHex(entryId(entry.core))).toBe(vector.entryId);
  });

  it('what a node signs for its share of a new sharing', () => {
    const { node, message } = vectors.reshareHeld;
    const core = vectors.entries.map((vector) => parseEntryCore(fromHex(vector.core))).find(({ kind }) => kind === 'reshare');
    expect(core?.kind === 'reshare' ? toHex(reshareHeldMessage(core, node)) : '').toBe(message);
  });

  it('log value', () => {
    const { stampMs, lastOk, value, hash } = vectors.logValue;
    const parsed = parseLogValue(fromHex(value));
    expect(parsed).toMatchObject({ stampMs, lastOk });
    expect(toHex(encodeLogValue(parsed))).toBe(value);
    expect(toHex(logValueHash(fromHex(value)))).toBe(hash);
  });

  it('record and the info of its sealed shares', () => {
    const parsed = parseRecord(fromHex(vectors.record.record));
    expect(toHex(encodeRecord(parsed))).toBe(vectors.record.record);
    expect(toHex(sharingHash(parsed))).toBe(vectors.record.sharingHash);
    expect(toHex(recordHash(parsed))).toBe(vectors.record.hash);
    expect(toHex(recordHash(parsed, fromHex(vectors.record.sharingHash)))).toBe(vectors.record.hash);
    expect(toHex(sealedShareInfo('eu-1', 1, 2))).toBe(vectors.record.shareInfoNode2);
  });

  it('confirmation, proof and keys', () => {
    const attemptId = fromHex(vectors.confirmation.attemptId);
    const attempt = { fleetId: 'eu-1', uid, ver: 3, index: vectors.confirmation.index, attemptId };
    expect(toHex(confirmationMessage(attempt))).toBe(vectors.confirmation.message);
    const { epoch, node, share, publicShare, evaluated, random, proof } = vectors.dleq;
    const first = vectors.entries.map(({ core }) => parseEntryCore(fromHex(core))).find((core) => core.kind === 'attempt');
    const blinded = first?.blinded ?? new Uint8Array(0);
    const statement = { publicShare: fromHex(publicShare), blinded, evaluated: fromHex(evaluated), context: { ...attempt, epoch, node } };
    expect(verifyDleq(statement, fromHex(proof))).toBe(true);
    expect(toHex(proveDleq(nobleGroup, { ...statement, share: fromHex(share) }, { bytes: () => fromHex(random) }))).toBe(proof);
    const { exportKey, secret, confirmSeed: seed, keyEncryptionKey: kek } = vectors.keySchedule;
    expect(toHex(confirmSeed(fromHex(exportKey)))).toBe(seed);
    expect(toHex(keyEncryptionKey(fromHex(exportKey), fromHex(secret)))).toBe(kek);
  });
});
