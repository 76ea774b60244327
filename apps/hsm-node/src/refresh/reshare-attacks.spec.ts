import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerReshareDeal, peerReshareStage } from '@strongroom/contracts';
import { nobleGroup } from '@strongroom/protocol';
import { alice, attemptOf, bytesOf, randomOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { AttackedFleet, NODES, outcomeOf, shiftedDeal, type Staging } from './attacked-fleet.fixture.js';
import { dealParts } from './deal-parts.js';
import { holdersOf, livingAt } from './refresh-fleet.fixture.js';
import { reshareSessionId } from './reshare-message.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let attacked: AttackedFleet;
let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  attacked = await AttackedFleet.started(version);
  fleet = attacked.fleet;
});
afterEach(() => fleet.end());

describe('a dealer that would change the secret', () => {
  it('is named by whom it dealt to, and the fleet goes on with other dealers', async () => {
    const liar = fleet.ranked[1] ?? 2;
    attacked.corrupt(liar, peerReshareDeal, (_answer, request) => shiftedDeal(request, liar));
    fleet.wire.fate = () => 'deliver';
    await fleet.advance(15_000);
    expect(attacked.told('refresh-spoiled')).toBeGreaterThan(0);
    expect(attacked.spoilers).toEqual(new Set([liar]));
    for (const node of NODES) expect(livingAt(fleet, node).generation).toBe(2);
    expect(holdersOf(fleet, livingAt(fleet, 1).recordHash)).toEqual([1, 2, 3]);
  });

  it('spoils no share: whoever was dealt to shows the key of the session and keeps nothing', async () => {
    const request = attacked.sessionOf();
    const keys = NODES.map((node) => attacked.deskOf(node).key(request));
    const deals = [attacked.deskOf(1).deal({ ...request, keys }), shiftedDeal({ ...request, keys }, 2)];
    for (const node of NODES) {
      const answer = await fleet.run(attacked.deskOf(node).stage({ ...request, deals }));
      expect(answer).toMatchObject({ held: null, complaint: { dealer: 2 } });
      expect(fleet.machine(node).now.vault.holds(alice, attacked.hashOf({ ...request, deals }))).toBe(false);
    }
    expect(holdersOf(fleet, version.hash)).toEqual([1, 2, 3]);
  });
});

describe('a member that complains without reason', () => {
  it('is named itself, and nothing is lost', async () => {
    const [home = 1, liar = 2] = fleet.ranked;
    attacked.corrupt(liar, peerReshareStage, (_answer, { session }) => ({
      held: null,
      complaint: { dealer: session.dealers[0] ?? home, key: bytesOf('made up') },
    }));
    fleet.wire.fate = () => 'deliver';
    await fleet.advance(8_000);
    expect(attacked.told('refresh-spoiled')).toBeGreaterThan(0);
    expect(attacked.spoilers).toEqual(new Set([liar]));
    for (const node of NODES) expect(livingAt(fleet, node).generation).toBe(0);
    expect(holdersOf(fleet, version.hash)).toEqual([1, 2, 3]);
    await fleet.submit(attemptOf('right'));
    expect((await fleet.evaluate(attemptOf('right'), 3)).record).toEqual(version.encoded);
  });
});

describe('a member', () => {
  it.each<[string, () => Staging, string]>([
    ['a stranger', () => attacked.sessionOf({}, stranger), 'TOKEN_INVALID'],
    ['a coordinator that is no member', () => attacked.sessionOf({ coordinator: 9 }), 'NODE_MISBEHAVED'],
    ['fewer dealers than shares are needed', () => attacked.sessionOf({ dealers: [1] }), 'REQUEST_INVALID dealers'],
    ['one dealer twice', () => attacked.sessionOf({ dealers: [2, 2] }), 'REQUEST_INVALID dealers'],
    ['a dealer that is no member', () => attacked.sessionOf({ dealers: [1, 9] }), 'NODE_MISBEHAVED'],
    ['the epoch before', () => attacked.sessionOf({ epoch: 1 }), 'REQUEST_INVALID epoch'],
    ['another place of the log', () => attacked.sessionOf({ index: 3 }), 'CONFLICT'],
    ['another version', () => attacked.sessionOf({ ver: 2 }), 'RECORD_UNKNOWN'],
    ['a sharing that is not in force', () => attacked.sessionOf({ before: bytesOf('before') }), 'RECORD_UNKNOWN'],
  ])('does nothing for %s', async (_who, request, refused) => {
    expect(await outcomeOf(() => attacked.deskOf(2).key(request()))).toBe(refused);
    expect(await outcomeOf(() => attacked.deskOf(2).stage(request()))).toBe(refused);
  });

  it('deals to nobody whose key it does not know from the member itself', async () => {
    const request = attacked.sessionOf();
    const keys = NODES.map((node) => attacked.deskOf(node).key(request));
    const swapped = keys.map((key, i) => (i === 2 ? { ...key, key: keys[0]?.key ?? key.key } : key));
    expect(await outcomeOf(() => attacked.deskOf(2).deal({ ...request, keys: swapped }))).toBe('NODE_MISBEHAVED');
    expect(await outcomeOf(() => attacked.deskOf(2).deal({ ...request, keys: keys.slice(1) }))).toBe('REQUEST_INVALID keys');
  });

  it('takes deals of the dealers alone, each signed for this session', async () => {
    const request = attacked.dealt();
    const [own, other] = request.deals;
    if (own === undefined || other === undefined) throw new Error('no deals');
    const id = reshareSessionId(request.session);
    const plan = { id, dealer: 2, before: version.hash, threshold: 2, keys: NODES.map((node) => attacked.deskOf(node).key(request).key) };
    const forged = { ...dealParts(nobleGroup, plan, randomOf('forged')), signature: other.signature };
    const elsewhere = attacked.dealt(attacked.sessionOf({ nonce: bytesOf('other nonce') })).deals[1] ?? other;
    expect(await outcomeOf(() => attacked.deskOf(3).stage({ ...request, deals: [own, forged] }))).toBe('NODE_MISBEHAVED');
    expect(await outcomeOf(() => attacked.deskOf(3).stage({ ...request, deals: [own, elsewhere] }))).toBe('NODE_MISBEHAVED');
    expect(await outcomeOf(() => attacked.deskOf(3).stage({ ...request, deals: [own, own] }))).toBe('REQUEST_INVALID deals');
    expect(await outcomeOf(() => attacked.deskOf(3).stage({ ...request, deals: [own] }))).toBe('REQUEST_INVALID deals');
  });

  it('keeps old and new share until the place in the log is decided, and the loser no longer', async () => {
    const one = attacked.dealt();
    const other = attacked.dealt(attacked.sessionOf({ nonce: bytesOf('other nonce') }));
    const [hash, loser] = [attacked.hashOf(one), attacked.hashOf(other)];
    for (const request of [one, other]) await attacked.stageAtAll(request);
    for (const held of [version.hash, hash, loser]) expect(holdersOf(fleet, held)).toEqual([1, 2, 3]);
    expect(await attacked.submit(attacked.entryOf(one))).toBe('taken');
    await fleet.advance(200);
    expect(holdersOf(fleet, hash)).toEqual([1, 2, 3]);
    for (const gone of [version.hash, loser]) expect(holdersOf(fleet, gone)).toEqual([]);
  });

  it('takes a session once: nothing that was recorded opens again', async () => {
    const request = attacked.dealt();
    expect(await fleet.run(attacked.deskOf(2).stage(request))).toMatchObject({ complaint: null });
    expect(await outcomeOf(() => attacked.deskOf(2).stage(request))).toBe('CONFLICT');
    await fleet.restart(3);
    expect(await outcomeOf(() => attacked.deskOf(3).stage(request))).toBe('CONFLICT');
  });

  it('makes nothing anew of what is locked', async () => {
    for (const name of ['one', 'two', 'three']) await fleet.submit(attemptOf(name));
    expect(await outcomeOf(() => attacked.deskOf(2).key(attacked.sessionOf({ index: 5 })))).toBe('RECORD_UNKNOWN');
  });

  it('gives the place in the log to an attempt that comes first, and what waited is destroyed for the next sharing', async () => {
    const late = attacked.dealt();
    await attacked.stageAtAll(late);
    await fleet.submit(attemptOf('first'));
    expect(await attacked.submit(attacked.entryOf(late))).toBe('CONFLICT');
    const next = attacked.dealt(attacked.sessionOf({ index: 3, nonce: bytesOf('next') }));
    await attacked.stageAtAll(next);
    expect(holdersOf(fleet, attacked.hashOf(late))).toEqual([]);
    expect(await attacked.submit(attacked.entryOf(next))).toBe('taken');
  });
});
