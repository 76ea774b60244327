import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerRepairDeal, peerRepairSum, type RequestOf } from '@strongroom/contracts';
import { nodeSigner } from '@strongroom/platform';
import { concat, type Bytes, type Signer } from '@strongroom/protocol';
import { alice, attemptOf, bytesOf, confirmationOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { repairRequestMessage, type RepairSession } from './repair-message.js';

const accounts = [alice, bytesOf('bob'), bytesOf('carol')];
let versions: readonly Version[];
let next: Version;
beforeAll(async () => {
  const { roster } = await MemoryFleet.create({ n: 5, t: 3, q: 3 });
  versions = await Promise.all(accounts.map((uid) => versionOf(roster, 1, uid)));
  next = await versionOf(roster, 2);
});
let fleet: MemoryFleet;
let target: number;
let helper: number;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started({ n: 5, t: 3, q: 3 });
  [helper = 1, target = 2] = fleet.ranked;
  for (const version of versions) await fleet.register(version);
  await fleet.settle();
});
afterEach(() => fleet.end());

const first = (): Version => versions[0] ?? next;
const shareAt = (node: number, { record, hash }: Version): Bytes =>
  fleet.machine(node).now.vault.withShare(record.uid, hash, (key, secret) => concat(key, secret));
const holds = (node: number, { record, hash }: Version): boolean => fleet.machine(node).now.vault.holds(record.uid, hash);
const held = (node = target): readonly boolean[] => versions.map((version) => holds(node, version));
const eventsOf = (type: string): readonly number[] =>
  fleet.wire.events.filter((event) => event.type.includes(type)).map(({ from }) => from);
/** As a disk that lost its share rows and nothing else. */
async function loseShares(node = target, lost: readonly Version[] = versions): Promise<void> {
  for (const { record, hash } of lost) await fleet.machine(node).now.vault.erase(record.uid, hash);
}
const signerOf = (node: number): Signer => nodeSigner(bytesOf(`identity ${node - 1}`));

function sessionOf(change: Partial<RepairSession> = {}): RepairSession {
  const helpers = [1, 2, 3, 4, 5].filter((node) => node !== target && node !== helper).slice(0, 2);
  const subject = { fleetId: 'main', epoch: 1, target, helpers: [helper, ...helpers], uid: alice, recordHash: first().hash };
  return { ...subject, replyKey: bytesOf('reply').map((byte, i) => (i === 31 ? byte & 0x7f : byte)), nonce: bytesOf('nonce'), ...change };
}
function asked(session = sessionOf(), by: Signer = signerOf(target)): RequestOf<typeof peerRepairDeal> {
  return { session, signature: by.sign(repairRequestMessage(session)) };
}
const deal = (request: RequestOf<typeof peerRepairDeal>) =>
  fleet.run(fleet.gateway.call(peerRepairDeal, request, { node: `main-${helper}` }));

describe('a node that lost its shares', () => {
  it('rebuilds the share of a version that is decided later and was dealt to nobody here, as soon as that is decided', async () => {
    for (const { roster } of fleet.machines) if (roster.self !== target) await fleet.machine(roster.self).stage(next);
    fleet.wire.fate = ({ name, to }) => (to === target && name === 'peer.fetch-record.answer' ? 'lose' : 'deliver');
    await fleet.submit(next.byOwner);
    await fleet.advance(2_000);
    expect(holds(target, next)).toBe(false);
    await fleet.advance(10_000);
    expect(shareAt(target, next)).toEqual(next.shares[target - 1]);
  });

  it('looks again at once for what is decided meanwhile, though it waits long for what no peer can rebuild now', async () => {
    fleet.wire.fate = ({ name }) => (name.startsWith('peer.repair') ? 'lose' : 'deliver');
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(120_000); // by now it tries every 30 s
    for (const { roster } of fleet.machines) if (roster.self !== target) await fleet.machine(roster.self).stage(next);
    fleet.wire.fate = ({ name, to }) => (to === target && name === 'peer.fetch-record.answer' ? 'lose' : 'deliver');
    const tried = fleet.machine(target).now.node.services.repairs.progress.repaired;
    await fleet.submit(next.byOwner);
    await fleet.advance(12_000);
    expect(tried).toBe(0);
    expect(holds(target, next)).toBe(true);
  });

  it('gets every one of them back from its peers, and they are the ones that the client dealt', async () => {
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(3_000);
    expect(held()).toEqual([true, true, true]);
    for (const version of versions) expect(shareAt(target, version)).toEqual(version.shares[target - 1]);
    expect(eventsOf('repair-progressed')).toContain(target);
    expect(fleet.machine(target).now.node.services.repairs.progress).toEqual({ missing: 0, repaired: 3, failed: 0 });
    expect(eventsOf('repair-spoiled')).toEqual([]);
  });

  it('evaluates with a rebuilt share', async () => {
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(3_000);
    await fleet.submit(attemptOf('right'));
    expect((await fleet.evaluate(attemptOf('right'), target)).record).toEqual(first().encoded);
  });

  it('goes on where it stopped when its process ends', async () => {
    await loseShares();
    fleet.machine(target).kill();
    await fleet.start(target);
    const { repairs } = fleet.machine(target).now.node.services;
    while (repairs.progress.repaired === 0) await fleet.advance(50);
    const before = held();
    fleet.machine(target).kill();
    await fleet.restart(target);
    await fleet.advance(3_000);
    expect(before).toContain(true);
    expect(held()).toEqual([true, true, true]);
  });

  it('goes on by itself once its peers can be asked', async () => {
    fleet.wire.fate = ({ name }) => (name.startsWith('peer.repair') ? 'lose' : 'deliver');
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(3_000);
    expect(held()).toEqual([false, false, false]);
    fleet.wire.fate = () => 'deliver';
    await fleet.advance(10_000);
    expect(held()).toEqual([true, true, true]);
  });

  it('leaves no share in what was carried', async () => {
    const carried: Bytes[] = [];
    fleet.wire.fate = ({ name, payload }) => {
      if (name.startsWith('peer.repair')) carried.push(payload);
      return 'deliver';
    };
    await loseShares(target, [first()]);
    await fleet.restart(target);
    await fleet.advance(2_000);
    expect(holds(target, first())).toBe(true);
    expect(carried.length).toBeGreaterThanOrEqual(12);
    const said = Buffer.concat(carried);
    for (const share of first().shares)
      for (const half of [share.subarray(0, 32), share.subarray(32)]) expect(said.includes(Buffer.from(half))).toBe(false);
  });

  it('is rebuilt although a helper lies, and says who is suspected', async () => {
    const liar = fleet.ranked.find((node) => node !== target) ?? 1;
    const { vault } = fleet.machine(liar).now;
    const honest = vault.withShare.bind(vault);
    vault.withShare = (uid, hash, use) => honest(uid, hash, (key, secret) => use(secret, key));
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(4_000);
    expect(held()).toEqual([true, true, true]);
    for (const version of versions) expect(shareAt(target, version)).toEqual(version.shares[target - 1]);
    expect(eventsOf('repair-spoiled')).toContain(target);
    expect(fleet.machine(target).lines).toContainEqual(expect.objectContaining({ event: 'repair.spoiled', suspects: [liar] }));
  });

  it('keeps nothing when every set of helpers lies', async () => {
    for (const { roster, now } of fleet.machines) {
      if (roster.self === target) continue;
      const honest = now.vault.withShare.bind(now.vault);
      now.vault.withShare = (uid, hash, use) => honest(uid, hash, (key, secret) => use(secret, key));
    }
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(4_000);
    expect(held()).toEqual([false, false, false]);
    expect(fleet.machine(target).now.node.services.repairs.progress).toMatchObject({ missing: 3, repaired: 0, failed: 3 });
  });
});

describe('a share that is over', () => {
  it('does not come back when the account is locked', async () => {
    for (const name of ['a', 'b', 'c']) await fleet.submit(attemptOf(name));
    await loseShares(target, [first()]);
    await fleet.restart(target);
    await fleet.advance(3_000);
    expect(holds(target, first())).toBe(false);
    await fleet.jump(700_000);
    expect(fleet.machines.map(({ roster }) => holds(roster.self, first()))).toEqual([false, false, false, false, false]);
  });

  it('is erased for good after it was rebuilt', async () => {
    await loseShares();
    await fleet.restart(target);
    await fleet.advance(3_000);
    expect(holds(target, first())).toBe(true);
    await fleet.register(next, next.byOwner);
    await fleet.advance(3_000);
    expect([holds(target, first()), holds(target, next)]).toEqual([false, true]);
  });

  it('is helped along by no node that knows that the account is locked', async () => {
    expect((await deal(asked())).record).toEqual(first().encoded);
    for (const name of ['a', 'b', 'c']) await fleet.submit(attemptOf(name));
    await expect(deal(asked())).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
  });

  it('is helped along again once the last attempt is confirmed', async () => {
    let set = await fleet.submit(attemptOf('a'));
    for (const name of ['b', 'c']) set = await fleet.submit(attemptOf(name));
    await fleet.confirm(confirmationOf(set), helper);
    expect((await deal(asked())).record).toEqual(first().encoded);
  });
});

describe('a helper', () => {
  it('deals only to the node itself that lost its share', async () => {
    await expect(deal(asked(sessionOf(), stranger))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(deal(asked(sessionOf(), signerOf(helper)))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(deal(asked(sessionOf({ target: 9 }), stranger))).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
  });

  it('deals for no other number of helpers than t: alone it would hand out its own share', async () => {
    const { helpers } = sessionOf();
    const wrong = [helpers.slice(0, 2), [...helpers.slice(0, 2), helper], [...helpers.slice(1), target]];
    for (const set of wrong) await expect(deal(asked(sessionOf({ helpers: set })))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('deals for its own epoch alone', async () => {
    await expect(deal(asked(sessionOf({ epoch: 2 })))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(deal(asked(sessionOf({ fleetId: 'other' })))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('adds up only what every helper dealt in this very session', async () => {
    const request = asked();
    const mine = await deal(request);
    const own = mine.parts.find(({ to }) => to === helper);
    if (own === undefined) throw new Error('nothing was dealt');
    const [, second = 0, third = 0] = request.session.helpers;
    const part = { sealed: own.sealed, signature: own.signature };
    const sum = (parts: RequestOf<typeof peerRepairSum>['parts']) =>
      fleet.run(fleet.gateway.call(peerRepairSum, { ...request, parts }, { node: `main-${helper}` }));
    await expect(sum([{ from: helper, ...part }])).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
    const forged = [helper, second, third].map((from) => ({ from, ...part }));
    await expect(sum(forged)).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
    const others = [second, third].map(async (node) => {
      const dealt = await fleet.run(
        fleet.gateway.call(peerRepairDeal, asked(sessionOf({ nonce: bytesOf('other') })), { node: `main-${node}` }),
      );
      const { sealed, signature } = dealt.parts.find(({ to }) => to === helper) ?? part;
      return { from: node, sealed, signature };
    });
    await expect(sum([{ from: helper, ...part }, ...(await Promise.all(others))])).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
  });
});
