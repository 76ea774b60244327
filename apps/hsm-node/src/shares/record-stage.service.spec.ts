import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JoseTokenVerifier, nodeVerifier, parseTokenIssuers, SystemRandom } from '@strongroom/platform';
import {
  concat,
  fromBase64url,
  generateHpkeKeyPair,
  nobleSigner,
  publicShare,
  randomScalar,
  recordHash,
  VaultError,
  type Bytes,
} from '@strongroom/protocol';
import { loadSodiumGroup, type SodiumGroup } from '../evaluation/sodium-group.js';
import { newKeyMaterial } from '../keystore/key-material.js';
import { SoftwareKeystore } from '../keystore/software-keystore.js';
import type { Roster } from '../roster/roster.js';
import { MemoryKeySlots } from '../storage/memory-key-slots.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { TokenEntryAuthority } from '../tokens/token-entry-authority.js';
import { complaintStatement } from './complaint.js';
import { DealtShares } from './dealt-share.js';
import { RecordStageService } from './record-stage.service.js';
import { aliceUid, NOW_MS, register, sealTo, stageRequest, type Registration } from './registration.fixture.js';
import { SealedShareVault } from './sealed-share-vault.js';

const random = new SystemRandom();
const keystore = new SoftwareKeystore(newKeyMaterial(random), random, 'sealed-file');
const SELF = 2;
let group: SodiumGroup;
let roster: Roster;
let made: Registration;
beforeAll(async () => {
  group = await loadSodiumGroup();
  const others = await Promise.all([1, 2, 3].map(() => generateHpkeKeyPair(random)));
  const members = others.map(({ publicKey }, i) => ({
    index: i + 1,
    identityKey: nobleSigner(random.bytes(32)).publicKey,
    hpkeKey: i + 1 === SELF ? keystore.hpkePublicKey : publicKey,
  }));
  roster = { fleetId: 'main', epoch: 1, self: SELF, state: 'active', n: 3, t: 2, q: 2, attempts: 10, ksf: 'none', members };
  made = await register(roster, random);
});

let vault: SealedShareVault;
let known: Roster | null;
let service: RecordStageService;
beforeEach(async () => {
  const slots = new MemoryKeySlots(random);
  const clock = { nowMs: () => NOW_MS };
  vault = await SealedShareVault.open({ store: new MemoryNodeStore(), slots, clock, random });
  known = roster;
  const authority = new TokenEntryAuthority(new JoseTokenVerifier(parseTokenIssuers('development'), 'test'), nodeVerifier);
  const rosters = { current: () => known, onChange: () => () => undefined };
  service = new RecordStageService(rosters, authority, new DealtShares(keystore, group), group, vault, clock);
});

const hashOf = (registration: Registration = made): Bytes => recordHash(registration.record);
const refused = (code: string, metadata: object): unknown => expect.objectContaining({ code, metadata: expect.objectContaining(metadata) });
const sealedWith = (own: Bytes): readonly Bytes[] => made.sealed.map((bytes, i) => (i === SELF - 1 ? own : bytes));

const notOver = (): boolean => false;

describe('staging a registration', () => {
  it('keeps record, share and the sealed shares of the others, and not its own', async () => {
    const request = await stageRequest(made);
    await service.stage(request, notOver);
    await service.stage(request, notOver);
    expect(vault.record(aliceUid, hashOf())).toEqual(request.record);
    expect([1, 2, 3].map((node) => vault.sealedFor(aliceUid, hashOf(), node))).toEqual([made.sealed[0], null, made.sealed[2]]);
    expect(vault.withShare(aliceUid, hashOf(), (k) => group.multiplyBase(k))).toEqual(publicShare(made.record.commitments, SELF));
  });

  it.each([
    ['a record other than the entry names', { recordHash: new Uint8Array(32) }, 'record'],
    ['another account than the record', { uid: new Uint8Array(32) }, 'uid'],
    ['another version than the record', { ver: 2 }, 'ver'],
    ['another fleet', { fleetId: 'other' }, 'fleetId'],
    ['another confirm key than the record', { confirmKey: nobleSigner(new Uint8Array(32).fill(9)).publicKey }, 'confirmPk'],
    ['another owner key than the record', { ownerKey: nobleSigner(new Uint8Array(32).fill(9)).publicKey }, 'ownerPk'],
  ])('refuses an entry that names %s', async (_name, core, field) => {
    await expect(service.stage(await stageRequest(made, { core }), notOver)).rejects.toEqual(refused('REQUEST_INVALID', { field }));
    expect(vault.holds(aliceUid, hashOf())).toBe(false);
  });

  it.each([
    ['another threshold', { t: 3, n: 3 }, 'commitments'],
    ['another number of nodes', { n: 4 }, 'sealed'],
  ])('refuses a record for a fleet with %s', async (_name, changes, field) => {
    known = { ...roster, ...changes };
    await expect(service.stage(await stageRequest(made), notOver)).rejects.toEqual(refused('REQUEST_INVALID', { field }));
  });

  it('refuses a record whose time is over, and too few or too many sealed shares', async () => {
    const past = await register(roster, random, NOW_MS);
    await expect(service.stage(await stageRequest(past), notOver)).rejects.toEqual(refused('REQUEST_INVALID', { field: 'notAfter' }));
    for (const sealed of [made.sealed.slice(1), [...made.sealed, ...made.sealed]]) {
      await expect(service.stage(await stageRequest(made, { sealed }), notOver)).rejects.toEqual(
        refused('REQUEST_INVALID', { field: 'sealed' }),
      );
    }
  });

  it('refuses an expired token and the token of another account', async () => {
    await expect(service.stage(await stageRequest(made, { tokenMs: NOW_MS - 7_200_000 }), notOver)).rejects.toEqual(
      refused('TOKEN_INVALID', { check: 'exp' }),
    );
    await expect(service.stage(await stageRequest(made, { sub: 'bob' }), notOver)).rejects.toEqual(
      refused('TOKEN_INVALID', { check: 'uid' }),
    );
    expect(vault.holds(aliceUid, hashOf())).toBe(false);
  });

  it('refuses a version that is over, whatever else is right about it', async () => {
    await expect(service.stage(await stageRequest(made), () => true)).rejects.toEqual(refused('CONFLICT', { ver: 1 }));
    expect(vault.holds(aliceUid, hashOf())).toBe(false);
  });

  it('refuses bytes that are no entry or no record', async () => {
    const request = await stageRequest(made);
    const short = (bytes: Bytes): Bytes => bytes.subarray(0, bytes.length - 1);
    for (const bad of [
      { ...request, entry: short(request.entry) },
      { ...request, record: short(request.record) },
      { ...request, entry: new Uint8Array(0) },
    ]) {
      await expect(service.stage(bad, notOver)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });

  it('is refused before the node is in a fleet, and by a fleet that drains', async () => {
    known = null;
    await expect(service.stage(await stageRequest(made), notOver)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    known = { ...roster, state: 'draining' };
    await expect(service.stage(await stageRequest(made), notOver)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a complaint about a dealt share', () => {
  const wrong = async (plaintext: Bytes): Promise<readonly Bytes[]> =>
    sealedWith(await sealTo(roster, SELF, made.record, plaintext, random));
  const ownShare = async (): Promise<Bytes> => {
    const [sealed] = made.sealed.slice(SELF - 1);
    return new DealtShares(keystore, group).open(roster, { record: made.record, recordHash: hashOf() }, sealed ?? hashOf());
  };

  it.each([
    ['sealed', 'is missing', () => Promise.resolve(sealedWith(new Uint8Array(0)))],
    ['sealed', 'was sealed to another node', () => Promise.resolve(sealedWith(made.sealed[0] ?? hashOf()))],
    ['share', 'is zero', () => wrong(new Uint8Array(64))],
    ['share', 'is not reduced', () => wrong(new Uint8Array(64).fill(0xff))],
    ['keyShare', 'contradicts the commitments', async () => wrong(concat(randomScalar(random), (await ownShare()).subarray(32)))],
    ['secretShare', 'contradicts its digest', async () => wrong(concat((await ownShare()).subarray(0, 32), randomScalar(random)))],
  ] as const)('names %s when it %s, signed by the node', async (fault, _why, sealed) => {
    const error: unknown = await service
      .stage(await stageRequest(made, { sealed: await sealed() }), notOver)
      .catch((reason: unknown) => reason);
    expect(error).toEqual(refused('REQUEST_INVALID', { field: 'sealed', fault, node: SELF }));
    if (!(error instanceof VaultError)) throw error;
    const statement = fromBase64url(String(error.metadata['statement']));
    expect(statement).toEqual(complaintStatement(roster, hashOf(), fault));
    expect(nodeVerifier.verify(keystore.identityPublicKey, statement, fromBase64url(String(error.metadata['signature'])))).toBe(true);
    expect(vault.holds(aliceUid, hashOf())).toBe(false);
  });
});
