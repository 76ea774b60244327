import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerDigests, peerRange } from '@strongroom/contracts';
import { alice, bytesOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { keyOf } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { rangeOf } from './account-leaf.js';
import { digestsQuestionMessage, rangeQuestionMessage, type DigestsQuestion, type RangeQuestion } from './anti-entropy-message.js';
import { comparingFleet } from './comparing-fleet.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
let home: number;
let voter: number;
let third: number;
beforeEach(async () => {
  holdTime();
  fleet = await comparingFleet(version);
  [home = 1, voter = 2, third = 3] = fleet.ranked;
});
afterEach(() => fleet.end());

describe('a node that is asked', () => {
  const head = (change: Partial<DigestsQuestion> = {}): Omit<DigestsQuestion, 'group'> => ({
    fleetId: 'main',
    epoch: 1,
    node: voter,
    nonce: bytesOf('nonce'),
    ...change,
  });
  const askDigests = (change: Partial<DigestsQuestion> = {}, by = keyOf(voter), to = third) => {
    const question = { ...head(change), group: null };
    const signature = by.sign(digestsQuestionMessage(question, third));
    return fleet.run(fleet.gateway.call(peerDigests, { ...question, signature }, { node: `main-${to}` }));
  };
  const askRange = (by = keyOf(voter)) => {
    const question: RangeQuestion = { ...head(), range: rangeOf(alice), after: null };
    const signature = by.sign(rangeQuestionMessage(question, third));
    return fleet.run(fleet.gateway.call(peerRange, { ...question, signature }, { node: `main-${third}` }));
  };

  it('answers a member of its epoch', async () => {
    expect((await askDigests()).digests).toHaveLength(2_048);
    expect((await askRange()).signature).toHaveLength(64);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['that another signed for', () => askDigests({}, stranger), 'TOKEN_INVALID'],
    ['of a range that another signed for', () => askRange(keyOf(home)), 'TOKEN_INVALID'],
    ['that a member put to another node', () => askDigests({}, keyOf(voter), home), 'TOKEN_INVALID'],
    ['of another epoch', () => askDigests({ epoch: 2 }), 'REQUEST_INVALID'],
    ['of another fleet', () => askDigests({ fleetId: 'other' }), 'REQUEST_INVALID'],
    ['in its own name', () => askDigests({ node: third }, keyOf(third)), 'REQUEST_INVALID'],
    ['of a node that does not exist', () => askDigests({ node: 9 }), 'NODE_MISBEHAVED'],
  ])('refuses a question %s', async (_what, ask, code) => {
    await expect(ask()).rejects.toMatchObject({ code });
  });

  it('tells nothing while it does not compare itself', async () => {
    fleet.end();
    fleet = await comparingFleet(version, 0);
    await expect(askDigests()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('answers nobody before it takes part', async () => {
    fleet.machine(third).kill();
    fleet.wire.fate = ({ name }) => (name === 'peer.rejoin' ? 'lose' : 'deliver');
    await fleet.start(third);
    await fleet.advance(1_000);
    await expect(askDigests()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('answers one peer so much and no more, and others all the same', async () => {
    const codes: unknown[] = [];
    for (let i = 0; i < 400; i++)
      codes.push(
        await askRange().then(
          () => 'told',
          ({ code }: { code: unknown }) => code,
        ),
      );
    expect([codes[0], codes.at(-1)]).toEqual(['told', 'RATE_LIMITED']);
    expect((await askDigests({ node: home }, keyOf(home))).digests).toHaveLength(2_048);
    await fleet.advance(5_000);
    expect((await askRange()).signature).toHaveLength(64);
  });
});
