import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountStatus, attemptConfirm, recordStage, type RequestOf } from '@strongroom/contracts';
import { nodeSigner } from '@strongroom/platform';
import {
  coreHpke,
  encodeEntryCore,
  encodeStatusQuery,
  parseRecord,
  randomScalar,
  recordHash,
  sealedShareInfo,
  sealShare,
  toBase64url,
  utf8,
  type Bytes,
  type Signer,
} from '@strongroom/protocol';
import { TestFleet } from '@strongroom/testing';
import type { BundleFleet } from '@strongroom/transparency';
import { captureConfirmation, captureRegistration, type CapturedRegistration } from './captured.js';
import { codeOf, Intruder } from './intruder.js';
import { flipped, newAttempt, random, RIGHT, stranger, tokenOf, Victim, type Vouching } from './victim.js';

const NODES = [1, 2, 3, 4, 5];
const zeros = new Uint8Array(32);
const ones = new Uint8Array(32).fill(0xff);

let fleet: TestFleet;
let intruder: Intruder;
let victim: Victim;
let roster: BundleFleet;

beforeAll(async () => {
  fleet = await TestFleet.create();
  intruder = await Intruder.enter(fleet);
  victim = await Victim.protect(fleet);
  roster = await intruder.roster(victim.device);
}, 120_000);
afterAll(async () => {
  await intruder.leave();
  await fleet.stop();
}, 60_000);

/** A JWT with the victim's claims but for `changes`, signed by `signer`. */
async function jwt(changes: object, signer: Signer, header?: object): Promise<string> {
  const [head = '', payload = ''] = (await victim.device.token()).split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const signed = `${header === undefined ? head : toBase64url(utf8(JSON.stringify(header)))}.${toBase64url(utf8(JSON.stringify({ ...Object(claims), ...changes })))}`;
  return `${signed}.${toBase64url(signer.sign(utf8(signed)))}`;
}

describe('an entry is refused at every node', () => {
  const own = (): Signer => victim.device.bindingKey;
  const vouchings: readonly (readonly [string, () => Vouching | Promise<Vouching>])[] = [
    ["another account's token", async () => ({ token: await tokenOf('somebody-else', own()) })],
    ['an expired token', async () => ({ token: await tokenOf(victim.device.account, own(), -1_000) })],
    ['a token of a foreign issuer', async () => ({ token: await jwt({ iss: 'https://elsewhere.invalid' }, stranger()) })],
    ["a token in the issuer's name by another key", async () => ({ token: await jwt({}, stranger()) })],
    ['an unsigned token', async () => ({ token: await jwt({}, stranger(), { alg: 'none' }) })],
    ['a token bound to another key', async () => ({ token: await tokenOf(victim.device.account, stranger()) })],
    ['no signature', () => ({ signature: new Uint8Array(64) })],
    ['a garbled signature', () => ({ signature: random.bytes(64) })],
  ];

  it.each(vouchings)('with %s', async (_what, vouching) => {
    const vouched = await vouching();
    for (const node of NODES) {
      const entry = await victim.entry(victim.attempt(), vouched);
      expect(await codeOf(intruder.submit(node, entry))).toBe('TOKEN_INVALID');
    }
    expect(await victim.attemptsLeft()).toBe(10);
  });

  it('with a copied token and a key of its own', async () => {
    const thief = stranger();
    const entry = await victim.entry(victim.attempt({ bindingKey: thief.publicKey }), { signer: thief });
    for (const node of NODES) expect(await codeOf(intruder.submit(node, entry))).toBe('TOKEN_INVALID');
  });

  it.each([
    ['of another fleet', { fleetId: 'elsewhere' }, 'REQUEST_INVALID'],
    ['of version 0', { ver: 0 }, 'REQUEST_INVALID'],
    ['of a version that does not exist', { ver: 7 }, 'RECORD_UNKNOWN'],
    ['with the identity as B', { blinded: zeros }, 'REQUEST_INVALID'],
    ['with a B that is not canonical', { blinded: ones }, 'REQUEST_INVALID'],
    ['with a zero E', { ephemeralKey: zeros }, 'REQUEST_INVALID'],
    ['with an E that is not canonical', { ephemeralKey: ones }, 'REQUEST_INVALID'],
  ] as const)('%s', async (_what, changes, code) => {
    const entry = await victim.entry(victim.attempt(changes));
    for (const node of NODES) expect(await codeOf(intruder.submit(node, entry))).toBe(code);
    expect(await victim.attemptsLeft()).toBe(10);
    expect(await victim.recovers()).toBe(true);
  });

  it('when it is cut anywhere or has bytes behind it', async () => {
    const { entry } = await newAttempt(victim);
    const core = encodeEntryCore(victim.attempt()).length;
    for (const cut of [
      entry.subarray(0, 1),
      entry.subarray(0, core),
      entry.subarray(0, entry.length - 1),
      new Uint8Array(0),
      Uint8Array.of(...entry, 0),
    ]) {
      expect(['REQUEST_INVALID', 'TOKEN_INVALID']).toContain(await codeOf(intruder.submit(1, cut)));
    }
    expect(await victim.attemptsLeft()).toBe(10);
  });
});

describe('a confirmation counts for nothing', () => {
  const at = (node: number, confirmation: RequestOf<typeof attemptConfirm>['confirmation']) =>
    codeOf(intruder.call(attemptConfirm, node, { confirmation }));

  it('before the attempt is decided', async () => {
    const { id } = await newAttempt(victim);
    for (const index of [1_000, 0xffffffff]) {
      const confirmation = { uid: victim.uid, ver: 1, index, attemptId: id, signature: random.bytes(64) };
      for (const node of NODES) expect(await at(node, confirmation)).toBe('FLEET_UNAVAILABLE');
    }
  });

  it('without a signature, with a wrong one or with that of another attempt', async () => {
    const real = await captureConfirmation(fleet, victim);
    const { id, entry } = await newAttempt(victim);
    const { index } = await intruder.submit(1, entry);
    const late = { uid: victim.uid, ver: 1, index, attemptId: id };
    const forged = [
      { ...late, signature: new Uint8Array(64) },
      { ...late, signature: stranger().sign(id) },
      { ...late, signature: real.signature },
      { ...real, index },
      { ...real, attemptId: id },
      { ...real, ver: 2 },
      { ...real, signature: flipped(real.signature) },
    ];
    await fleet.until('every node to hold the attempt', async () => {
      const codes = await Promise.all(NODES.map((node) => at(node, { ...late, signature: random.bytes(64) })));
      return codes.every((code) => code === 'REQUEST_INVALID');
    });
    for (const confirmation of forged) for (const node of NODES) expect(await at(node, confirmation)).toBe('REQUEST_INVALID');
    expect(await victim.attemptsLeft()).toBe(9);
    expect(await victim.recovers()).toBe(true);
    expect(await victim.attemptsLeft()).toBe(10);
  });
});

describe('a registration is refused before it is kept', () => {
  let made: CapturedRegistration;

  beforeAll(async () => {
    made = await captureRegistration(fleet);
  });

  async function sealedWith(keyShare: Bytes, secretShare: Bytes): Promise<Bytes[]> {
    const hash = recordHash(parseRecord(made.record));
    const to = ({ index, hpkeKey }: BundleFleet['members'][number]): Promise<Bytes> =>
      sealShare(coreHpke, hpkeKey, { keyShare, secretShare }, sealedShareInfo(roster.fleetId, roster.epoch, index), hash, random);
    return Promise.all(roster.members.map(to));
  }

  const request = (): RequestOf<typeof recordStage> => ({ entry: made.entry, record: made.record, sealed: [...made.sealed] });
  const bad: readonly (readonly [string, () => Promise<object> | object])[] = [
    ['with shares that contradict the commitments', async () => ({ sealed: await sealedWith(randomScalar(random), randomScalar(random)) })],
    ['with unreduced scalars', async () => ({ sealed: await sealedWith(ones, ones) })],
    ['with zero scalars', async () => ({ sealed: await sealedWith(zeros, zeros) })],
    [
      "with each other's shares",
      () => ({ sealed: [...made.sealed].reverse().map((_, i) => made.sealed[(i + 1) % made.sealed.length] ?? zeros) }),
    ],
    ['with too few shares', () => ({ sealed: made.sealed.slice(1) })],
    ['with too many shares', () => ({ sealed: [...made.sealed, random.bytes(112)] })],
    ['with garbled shares', () => ({ sealed: made.sealed.map((share) => flipped(share)) })],
    ['with empty shares', () => ({ sealed: made.sealed.map(() => new Uint8Array(0)) })],
    ['with another record than the entry names', () => ({ record: flipped(made.record, made.record.length - 20) })],
    ['without a record', () => ({ record: new Uint8Array(0) })],
    ['with an entry that is no registration', async () => ({ entry: (await newAttempt(victim)).entry })],
    [
      'for another account',
      async () => ({ entry: await victim.entry({ ...made.core, uid: victim.uid, bindingKey: victim.device.bindingKey.publicKey }) }),
    ],
  ];

  it.each(bad)('%s', async (_what, change) => {
    const changed = { ...request(), ...(await change()) };
    for (const node of NODES) expect(await codeOf(intruder.call(recordStage, node, changed))).toBe('REQUEST_INVALID');
    expect(await codeOf(intruder.submit(1, made.entry))).toBe('REQUEST_INVALID');
  });

  it('and the real one, sent twice to each node, is registered once', async () => {
    for (const node of [...NODES, ...NODES]) expect(await intruder.call(recordStage, node, request())).toEqual({ staged: true });
    const all = await Promise.all(NODES.map((node) => intruder.submit(node, made.entry)));
    expect(new Set(all.map(({ index }) => index))).toEqual(new Set([1]));
    expect((await fleet.device(made.device.account).client.recover(RIGHT)).version).toBe(1);
  });
});

describe('a status is told to nobody', () => {
  const ask = async (changes: object, signer: Signer = victim.device.bindingKey, token?: string): Promise<string> => {
    const query = encodeStatusQuery({
      fleetId: intruder.fleetId,
      uid: victim.uid,
      bindingKey: victim.device.bindingKey.publicKey,
      nonce: random.bytes(32),
      askedAtMs: Date.now(),
      ...changes,
    });
    const request = { query, signature: signer.sign(query), token: token ?? (await victim.device.token()) };
    return codeOf(intruder.call(accountStatus, 1, request));
  };

  it('but the holder of the key that the token is bound to', async () => {
    const thief = nodeSigner(random.bytes(32));
    expect(await ask({}, thief)).toBe('TOKEN_INVALID');
    expect(await ask({ bindingKey: thief.publicKey }, thief)).toBe('TOKEN_INVALID');
    expect(await ask({ bindingKey: thief.publicKey }, thief, await tokenOf('somebody-else', thief))).toBe('TOKEN_INVALID');
    expect(await ask({}, victim.device.bindingKey, await tokenOf(victim.device.account, victim.device.bindingKey, -1_000))).toBe(
      'TOKEN_INVALID',
    );
  });

  it('with an old question, one from the future or one to another fleet', async () => {
    expect(await ask({ askedAtMs: Date.now() - 10 * 60_000 })).toBe('REQUEST_INVALID');
    expect(await ask({ askedAtMs: Date.now() + 10 * 60_000 })).toBe('REQUEST_INVALID');
    expect(await ask({ fleetId: 'elsewhere' })).toBe('REQUEST_INVALID');
  });
});
