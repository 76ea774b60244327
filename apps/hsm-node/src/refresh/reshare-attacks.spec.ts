import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entrySubmit, peerReshareDeal, peerReshareStage, type RequestOf, type RpcContract } from '@strongroom/contracts';
import { decodeMessage, encodeMessage, nodeSigner } from '@strongroom/platform';
import {
  dealZero,
  encodeEntry,
  entryId,
  nobleGroup,
  numberToScalar,
  recordHash,
  refreshRecord,
  reshareHeldMessage,
  sharingHash,
  signEntry,
  sumScalars,
  concat,
  type Bytes,
  type Entry,
  type ReshareCore,
  type Signer,
} from '@strongroom/protocol';
import { EpochMarks } from '../epoch/epoch-marks.js';
import { startedEpochFleet } from '../epoch/epoch-fleet.fixture.js';
import { sealNow } from '../keystore/native-hpke.js';
import { alice, attemptOf, bytesOf, randomOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { needsRecord } from '../shares/decided-records.js';
import { STAGED_LIFETIME_MS } from '../shares/share-vault.js';
import { announceRefresh, holdersOf, livingAt } from './refresh-fleet.fixture.js';
import { dealParts } from './deal-parts.js';
import type { ReshareDesk } from './reshare-desk.js';
import {
  reshareDealMessage,
  resharePartInfo,
  reshareSessionId,
  reshareSessionMessage,
  type ReshareDeal,
  type ReshareSession,
} from './reshare-message.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
const NODES = [1, 2, 3] as const;
beforeEach(async () => {
  holdTime();
  fleet = await startedEpochFleet();
  await fleet.register(version);
  await fleet.settle();
});
afterEach(() => fleet.end());

const signerOf = (node: number): Signer => nodeSigner(bytesOf(`identity ${node - 1}`));
const deskOf = (node: number): ReshareDesk => fleet.machine(node).now.node.services.reshareDesk;
const told = (type: string): number => fleet.wire.events.filter((event) => event.type.includes(type)).length;
const spoiledLines = (): readonly unknown[] =>
  fleet.machines.flatMap(({ lines }) => lines.filter(({ event }) => event === 'refresh.spoiled').map(({ node }) => node));

/** Changes what a node answers, as if its program were another. */
function corrupt<Req, Res>(node: number, contract: RpcContract<Req, Res>, change: (answer: Res, request: Req) => Res): void {
  for (const [subject, port] of fleet.wire.servers) {
    if (!subject.includes(`${contract.capability}.${contract.verb}.`) || !subject.endsWith(`main-${node}`)) continue;
    const receive = async (payload: Bytes): Promise<Bytes> => {
      const answer = decodeMessage(await port.receive(payload), contract.maxBytes, contract.response);
      return encodeMessage(change(answer, decodeMessage(payload, contract.maxBytes, contract.request)), contract.maxBytes);
    };
    fleet.wire.servers.set(subject, { ...port, receive });
  }
}

/** As a dealer signs that adds one to everybody's share: the secret would be another by one. */
function shiftedDeal({ session, keys }: RequestOf<typeof peerReshareDeal>, dealer: number): ReshareDeal {
  const id = reshareSessionId(session);
  const one = numberToScalar(1n);
  const [key, secret] = [dealZero(nobleGroup, 2, 3, randomOf('lying key')), dealZero(nobleGroup, 2, 3, randomOf('lying secret'))];
  const parts = keys.map(({ key: to }, i) => {
    const shifted = sumScalars(nobleGroup, [key.deltas[i] ?? one, one]);
    return sealNow(to, concat(shifted, secret.deltas[i] ?? one), resharePartInfo(id, dealer, i + 1), session.before, randomOf(`part ${i}`));
  });
  const deal = { dealer, keyCommitments: [...key.commitments], secretCommitments: [...secret.commitments], parts };
  return { ...deal, signature: signerOf(dealer).sign(reshareDealMessage(id, deal)) };
}

/** In the second epoch, with the fleet's own refresh held up: what happens is what a spec does. */
async function quietly(): Promise<void> {
  fleet.wire.fate = ({ name, from }) => (name.startsWith('peer.reshare') && from > 0 ? 'lose' : 'deliver');
  announceRefresh(fleet);
  await fleet.advance(2_500);
  expect(fleet.machines.map(({ disk }) => new EpochMarks(disk, 'main').isOpen(2))).toEqual([true, true, true]);
}

function sessionOf(change: Partial<ReshareSession> = {}, by: Signer = signerOf(1)): RequestOf<typeof peerReshareStage> {
  const subject = { fleetId: 'main', epoch: 2, coordinator: 1, dealers: [1, 2], uid: alice, ver: 1, index: 2 };
  const session = { ...subject, before: version.hash, nonce: bytesOf('nonce'), ...change };
  return { session, signature: by.sign(reshareSessionMessage(session)), deals: [] };
}
const code = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'taken';
  } catch (error) {
    const { code: refused = 'none', metadata = {} } = error as { code?: string; metadata?: Record<string, unknown> };
    return [refused, metadata['field']].filter((part) => part !== undefined).join(' ');
  }
};
/** A whole honest session up to the deals. */
function dealt(request = sessionOf()): RequestOf<typeof peerReshareStage> {
  const keys = NODES.map((node) => deskOf(node).key(request));
  return { ...request, deals: request.session.dealers.map((node) => deskOf(node).deal({ ...request, keys })) };
}
async function entryOf(request: RequestOf<typeof peerReshareStage>, change: Partial<ReshareCore> = {}): Promise<Entry> {
  const { session } = request;
  const { fleetId, uid, ver, epoch, index, before } = session;
  const hash = recordHash(refreshRecord(version.record, request.deals));
  const who = { bindingKey: signerOf(1).publicKey, nonce: bytesOf('nonce', 16) };
  const subject = { fleetId, uid, ver, epoch, index, before, beforeSharing: sharingHash(version.record), recordHash: hash, ...change };
  const held = NODES.map((node) => signerOf(node).sign(reshareHeldMessage(subject, node)));
  return { ...signEntry({ kind: 'reshare', ...subject, ...who, held, ...change }, signerOf(1), null), token: '' };
}
const submit = async (entry: Entry): Promise<string> =>
  code(() => {
    const { engine, sets } = fleet.machine(1).now.node.services;
    const decided = sets.wait(alice, entryId(entry.core), 2_000);
    engine.feed(alice, { kind: 'submit', id: entryId(entry.core), entry, tokenExpired: false });
    return fleet.run(decided);
  });

describe('a dealer that would change the secret', () => {
  it('is named by whom it dealt to, and the fleet goes on with other dealers', async () => {
    await quietly();
    const liar = fleet.ranked[1] ?? 2;
    corrupt(liar, peerReshareDeal, (_answer, request) => shiftedDeal(request, liar));
    fleet.wire.fate = () => 'deliver';
    await fleet.advance(15_000);
    expect(told('refresh-spoiled')).toBeGreaterThan(0);
    expect(new Set(spoiledLines())).toEqual(new Set([liar]));
    for (const node of NODES) expect(livingAt(fleet, node).generation).toBe(2);
    expect(holdersOf(fleet, livingAt(fleet, 1).recordHash)).toEqual([1, 2, 3]);
  });

  it('spoils no share: whoever was dealt to shows the key of the session and keeps nothing', async () => {
    await quietly();
    const request = sessionOf();
    const keys = NODES.map((node) => deskOf(node).key(request));
    const deals = [deskOf(1).deal({ ...request, keys }), shiftedDeal({ ...request, keys }, 2)];
    for (const node of NODES) {
      const answer = await fleet.run(deskOf(node).stage({ ...request, deals }));
      expect(answer).toMatchObject({ held: null, complaint: { dealer: 2 } });
      expect(fleet.machine(node).now.vault.holds(alice, recordHash(refreshRecord(version.record, deals)))).toBe(false);
    }
    expect(holdersOf(fleet, version.hash)).toEqual([1, 2, 3]);
  });
});

describe('a member that complains without reason', () => {
  it('is named itself, and nothing is lost', async () => {
    await quietly();
    const [home = 1, liar = 2] = fleet.ranked;
    corrupt(liar, peerReshareStage, (_answer, { session }) => ({
      held: null,
      complaint: { dealer: session.dealers[0] ?? home, key: bytesOf('made up') },
    }));
    fleet.wire.fate = () => 'deliver';
    await fleet.advance(8_000);
    expect(told('refresh-spoiled')).toBeGreaterThan(0);
    expect(new Set(spoiledLines())).toEqual(new Set([liar]));
    for (const node of NODES) expect(livingAt(fleet, node).generation).toBe(0);
    expect(holdersOf(fleet, version.hash)).toEqual([1, 2, 3]);
    await fleet.submit(attemptOf('right'));
    expect((await fleet.evaluate(attemptOf('right'), 3)).record).toEqual(version.encoded);
  });
});

describe('a member', () => {
  beforeEach(quietly);

  it.each<[string, () => RequestOf<typeof peerReshareStage>, string]>([
    ['a stranger', () => sessionOf({}, stranger), 'TOKEN_INVALID'],
    ['a coordinator that is no member', () => sessionOf({ coordinator: 9 }), 'NODE_MISBEHAVED'],
    ['fewer dealers than shares are needed', () => sessionOf({ dealers: [1] }), 'REQUEST_INVALID dealers'],
    ['one dealer twice', () => sessionOf({ dealers: [2, 2] }), 'REQUEST_INVALID dealers'],
    ['a dealer that is no member', () => sessionOf({ dealers: [1, 9] }), 'NODE_MISBEHAVED'],
    ['the epoch before', () => sessionOf({ epoch: 1 }), 'REQUEST_INVALID epoch'],
    ['another place of the log', () => sessionOf({ index: 3 }), 'CONFLICT'],
    ['another version', () => sessionOf({ ver: 2 }), 'RECORD_UNKNOWN'],
    ['a sharing that is not in force', () => sessionOf({ before: bytesOf('before') }), 'RECORD_UNKNOWN'],
  ])('does nothing for %s', async (_who, request, refused) => {
    expect(await code(() => deskOf(2).key(request()))).toBe(refused);
    expect(await code(() => deskOf(2).stage(request()))).toBe(refused);
  });

  it('deals to nobody whose key it does not know from the member itself', async () => {
    const request = sessionOf();
    const keys = NODES.map((node) => deskOf(node).key(request));
    const swapped = keys.map((key, i) => (i === 2 ? { ...key, key: keys[0]?.key ?? key.key } : key));
    expect(await code(() => deskOf(2).deal({ ...request, keys: swapped }))).toBe('NODE_MISBEHAVED');
    expect(await code(() => deskOf(2).deal({ ...request, keys: keys.slice(1) }))).toBe('REQUEST_INVALID keys');
  });

  it('takes deals of the dealers alone, each signed for this session', async () => {
    const request = dealt();
    const [own, other] = request.deals;
    if (own === undefined || other === undefined) throw new Error('no deals');
    const id = reshareSessionId(request.session);
    const plan = { id, dealer: 2, before: version.hash, threshold: 2, keys: NODES.map((node) => deskOf(node).key(request).key) };
    const forged = { ...dealParts(nobleGroup, plan, randomOf('forged')), signature: other.signature };
    const elsewhere = dealt(sessionOf({ nonce: bytesOf('other nonce') })).deals[1] ?? other;
    expect(await code(() => deskOf(3).stage({ ...request, deals: [own, forged] }))).toBe('NODE_MISBEHAVED');
    expect(await code(() => deskOf(3).stage({ ...request, deals: [own, elsewhere] }))).toBe('NODE_MISBEHAVED');
    expect(await code(() => deskOf(3).stage({ ...request, deals: [own, own] }))).toBe('REQUEST_INVALID deals');
    expect(await code(() => deskOf(3).stage({ ...request, deals: [own] }))).toBe('REQUEST_INVALID deals');
  });

  it('keeps old and new share until the place in the log is decided, and the loser no longer', async () => {
    const one = dealt();
    const other = dealt(sessionOf({ nonce: bytesOf('other nonce') }));
    const [hash, loser] = [one, other].map(({ deals }) => recordHash(refreshRecord(version.record, deals)));
    if (hash === undefined || loser === undefined) throw new Error('no hashes');
    for (const request of [one, other]) for (const node of NODES) await fleet.run(deskOf(node).stage(request));
    for (const held of [version.hash, hash, loser]) expect(holdersOf(fleet, held)).toEqual([1, 2, 3]);
    expect(await submit(await entryOf(one))).toBe('taken');
    await fleet.advance(200);
    expect(holdersOf(fleet, hash)).toEqual([1, 2, 3]);
    for (const gone of [version.hash, loser]) expect(holdersOf(fleet, gone)).toEqual([]);
  });

  it('takes a session once: nothing that was recorded opens again', async () => {
    const request = dealt();
    expect(await fleet.run(deskOf(2).stage(request))).toMatchObject({ complaint: null });
    expect(await code(() => deskOf(2).stage(request))).toBe('CONFLICT');
    await fleet.restart(3);
    expect(await code(() => deskOf(3).stage(request))).toBe('CONFLICT');
  });

  it('makes nothing anew of what is locked', async () => {
    for (const name of ['one', 'two', 'three']) await fleet.submit(attemptOf(name));
    expect(await code(() => deskOf(2).key(sessionOf({ index: 5 })))).toBe('RECORD_UNKNOWN');
  });

  it('gives the place in the log to an attempt that comes first, and what waited is destroyed for the next sharing', async () => {
    const late = dealt();
    for (const node of NODES) await fleet.run(deskOf(node).stage(late));
    await fleet.submit(attemptOf('first'));
    expect(await submit(await entryOf(late))).toBe('CONFLICT');
    const next = dealt(sessionOf({ index: 3, nonce: bytesOf('next') }));
    for (const node of NODES) await fleet.run(deskOf(node).stage(next));
    expect(holdersOf(fleet, recordHash(refreshRecord(version.record, late.deals)))).toEqual([]);
    expect(await submit(await entryOf(next))).toBe('taken');
  });
});

describe('an entry that shares anew', () => {
  beforeEach(quietly);

  it.each<[string, (request: RequestOf<typeof peerReshareStage>) => Promise<Entry>, string]>([
    ['lacks one member', async (request) => entryOf(request, { held: [bytesOf('1', 64), bytesOf('2', 64)] }), 'REQUEST_INVALID held'],
    ['names another record than the members hold', forgedHash, 'REQUEST_INVALID held'],
    ['is of another epoch', async (request) => entryOf(request, { epoch: 1 }), 'CONFLICT'],
    ['is for another place', async (request) => entryOf(request, { index: 3 }), 'CONFLICT'],
    ['is signed by a stranger', async (request) => byStranger(request), 'FLEET_UNAVAILABLE'],
    ['replaces a sharing that is not in force', async (request) => entryOf(request, { before: bytesOf('before') }), 'RECORD_UNKNOWN'],
  ])('is decided by nobody when it %s', async (_what, entry, refused) => {
    const request = dealt();
    for (const node of NODES) await fleet.run(deskOf(node).stage(request));
    expect(await submit(await entry(request))).toBe(refused);
    expect(fleet.account(1).state.index).toBe(1);
  });

  it('is not needed before every member holds its share, and its shares are kept until then', async () => {
    const request = dealt();
    for (const node of NODES) await fleet.run(deskOf(node).stage(request));
    const hash = recordHash(refreshRecord(version.record, request.deals));
    fleet.clockMs += 2 * STAGED_LIFETIME_MS;
    for (const node of NODES) {
      const { vault, node: running } = fleet.machine(node).now;
      await vault.sweep(fleet.clockMs, (uid, held, index) => needsRecord(running.engine.account(uid), held, index));
    }
    expect(holdersOf(fleet, hash)).toEqual([1, 2, 3]);
    await fleet.advance(600);
    expect(await submit(await entryOf(request))).toBe('taken');
  });

  it('is proposed by no gateway', async () => {
    const entry = encodeEntry(await entryOf(dealt()));
    expect(await code(() => fleet.run(fleet.gateway.call(entrySubmit, { entry }, { node: 'main-1' })))).toBe('REQUEST_INVALID kind');
  });
});

async function byStranger(request: RequestOf<typeof peerReshareStage>): Promise<Entry> {
  const { core } = await entryOf(request);
  return { ...signEntry({ ...core, bindingKey: stranger.publicKey }, stranger, null), token: '' };
}

/** Signed for one record, made out for another: with another C_0, say. */
async function forgedHash(request: RequestOf<typeof peerReshareStage>): Promise<Entry> {
  const { core } = await entryOf(request);
  if (core.kind !== 'reshare') throw new Error('no resharing');
  return { ...signEntry({ ...core, recordHash: bytesOf('another record') }, signerOf(1), null), token: '' };
}
