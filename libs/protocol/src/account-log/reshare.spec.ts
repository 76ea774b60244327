import { describe, expect, it } from '@jest/globals';
import type { Bytes } from '../encoding/bytes.js';
import type { ReshareCore } from '../entry/entry-core.js';
import { signEntry } from '../entry/entry-signature.js';
import type { Entry } from '../entry/entry.js';
import { reshareHeldMessage } from '../entry/reshare-statement.js';
import type { Signer } from '../keys/signature.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { seededRandom } from '../vectors/seeded-random.js';
import {
  confirmSigner,
  entries,
  FLEET_ID,
  nativeVerifier,
  nodeSigners,
  otherUid,
  ownerSigner,
  POLICY,
  rosterOf,
  START_MS,
  uid,
} from './account.fixture.js';
import { countedAttempts, EMPTY_ACCOUNT, type AccountState } from './account-state.js';
import { applyValue } from './apply-value.js';
import { judgeValue } from './judge.js';

const hashOf = (name: string): Bytes => seededRandom(`record ${name}`).bytes(32);
const firstEpoch = rosterOf(5, 3);
const roster: FleetRoster = { ...rosterOf(5, 3, 2), earlier: [firstEpoch] };
const after = (...log: readonly Entry[]): AccountState =>
  log.reduce((state, entry) => applyValue(state, { stampMs: START_MS, lastOk: 0, entry }, POLICY), EMPTY_ACCOUNT);

type Making = Partial<ReshareCore> & { readonly signers?: readonly Signer[] };

/** Shares `v1` anew, for index 2, as all five members signed for it in epoch 2. */
function reshareOf({ signers = nodeSigners.slice(0, 5), ...change }: Making = {}): Entry {
  const subject = {
    fleetId: FLEET_ID,
    uid,
    ver: 1,
    epoch: 2,
    index: 2,
    before: hashOf('v1'),
    beforeSharing: hashOf('sharing'),
    recordHash: hashOf('v1 anew'),
    ...change,
  };
  const held = change.held ?? signers.map((signer, i) => signer.sign(reshareHeldMessage(subject, i + 1)));
  const who = { bindingKey: nodeSigners[0]?.publicKey ?? uid, nonce: new Uint8Array(16) };
  return { ...signEntry({ kind: 'reshare', ...who, ...subject, held }, nodeSigners[0] ?? ownerSigner, null), token: '' };
}

function ask(state: AccountState, entry: Entry, freeChoice = true, by: FleetRoster = roster): string {
  const context = { policy: POLICY, verifier: nativeVerifier, roster: by, lastOk: 0, nowMs: START_MS, tokenExpired: false, freeChoice };
  return judgeValue(state, { stampMs: START_MS, lastOk: 0, entry }, context)?.code ?? 'yes';
}

const one = entries.register('v1', 1);
const wrong = (count: number): Entry[] => Array.from({ length: count }, (_, i) => entries.attempt(`wrong ${i}`));

describe('a version that is shared anew', () => {
  it('stays what it was under another sharing', () => {
    const state = after(one, reshareOf());
    expect(state.active).toEqual({ ...after(one).active, recordHash: hashOf('v1 anew'), generation: 2 });
    expect(state.ver).toBe(1);
    expect(state.marks.map(({ kind }) => kind)).toEqual(['register', 'reshare']);
  });

  it('spends nothing and gives nothing back', () => {
    const state = after(one, ...wrong(3), reshareOf({ index: 5 }), ...wrong(2));
    expect(countedAttempts(state, 0)).toHaveLength(5);
    expect(state.budgetFrom).toBe(1);
  });

  it('may be one that waits for its cool-down, and the living one stays as it is', () => {
    const pending = entries.register('v2', 2);
    const entry = reshareOf({ ver: 2, index: 3, before: hashOf('v2'), recordHash: hashOf('v2 anew') });
    const state = after(one, pending);
    expect(ask(state, entry)).toBe('yes');
    const then = after(one, pending, entry);
    expect(then.active).toEqual(state.active);
    expect(then.pending?.version).toMatchObject({ recordHash: hashOf('v2 anew'), generation: 2, confirmKey: confirmSigner.publicKey });
  });

  it('is not judged as a change by a stranger: the owner need not sign', () => expect(ask(after(one), reshareOf())).toBe('yes'));
});

describe('a new sharing is refused', () => {
  it.each<[string, Making, string]>([
    ['of a record that is not living', { before: hashOf('other') }, 'RECORD_UNKNOWN'],
    ['of another version', { ver: 2 }, 'RECORD_UNKNOWN'],
    ['for another place in the log', { index: 3 }, 'CONFLICT'],
    ['without one member', { signers: nodeSigners.slice(0, 4) }, 'REQUEST_INVALID'],
    ['with one member twice', { signers: [...nodeSigners.slice(0, 4), nodeSigners[0] ?? ownerSigner] }, 'REQUEST_INVALID'],
    ['with a stranger', { signers: [...nodeSigners.slice(0, 4), nodeSigners[5] ?? ownerSigner] }, 'REQUEST_INVALID'],
    ['of an epoch to come', { epoch: 3 }, 'CONFLICT'],
  ])('%s', (_what, making, code) => expect(ask(after(one), reshareOf(making))).toBe(code));

  it('whose members signed for another record, account or sharing before', () => {
    const { core } = reshareOf();
    if (core.kind !== 'reshare') throw new Error('no resharing');
    for (const change of [{ recordHash: hashOf('forged') }, { beforeSharing: hashOf('forged') }]) {
      expect(ask(after(one), reshareOf({ ...core, ...change }))).toBe('REQUEST_INVALID');
    }
    const elsewhere = reshareOf({ uid: otherUid });
    expect(elsewhere.core.kind === 'reshare' && ask(after(one), reshareOf({ held: elsewhere.core.held }))).toBe('REQUEST_INVALID');
  });

  it('twice in one epoch', () => {
    const again = reshareOf({ index: 3, before: hashOf('v1 anew'), recordHash: hashOf('again') });
    expect(ask(after(one, reshareOf()), again)).toBe('CONFLICT');
  });

  it('once no attempt is left: what is locked may be erased somewhere', () => {
    expect(ask(after(one, ...wrong(10)), reshareOf({ index: 12 }))).toBe('RECORD_LOCKED');
  });

  it('on a free choice when it was made in an earlier epoch, and not when promises demand it', () => {
    const third: FleetRoster = { ...rosterOf(5, 3, 3), earlier: [rosterOf(5, 3, 2), firstEpoch] };
    expect(ask(after(one), reshareOf(), true, third)).toBe('CONFLICT');
    expect(ask(after(one), reshareOf(), false, third)).toBe('yes');
    expect(ask(after(one), reshareOf({ epoch: 4 }), false, third)).toBe('REQUEST_INVALID');
  });
});
