import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeHeartbeat, peerDigests, peerFetchSets, peerRange, type RequestOf } from '@strongroom/contracts';
import { encodeMessage } from '@strongroom/platform';
import type { Bytes, Signer } from '@strongroom/protocol';
import { attemptOf, bytesOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { keyOf } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { HEARTBEAT_MS } from '../peers/liveness.js';
import { AccountIndex } from './account-index.js';
import type { AccountLeaf } from './account-leaf.js';
import { answerMessage, digestsQuestionMessage, rangeQuestionMessage } from './anti-entropy-message.js';
import { RANGE_PAGE_BYTES } from './anti-entropy-desk.js';
import { comparingFleet, countSent, cutOff, INTERVAL_MS } from './comparing-fleet.fixture.js';

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

describe('a peer that lies', () => {
  /** Whatever the home node is asked, the liar who has its key answers. */
  async function lie(
    page: (range: number) => AccountLeaf[],
    signer = keyOf(home),
    digestsOf: (group: number | null) => Promise<Bytes> = () => Promise.resolve(bytesOf('lies', 2_048)),
  ): Promise<void> {
    const at = { node: `main-${home}` };
    fleet.machine(home).kill();
    const sign = (use: 'digests-answer' | 'range-answer', question: Bytes, said: Bytes): Bytes =>
      signer.sign(answerMessage(use, question, said));
    await fleet.gateway.serve(
      peerDigests,
      async ({ signature: _, ...question }) => {
        const digests = await digestsOf(question.group);
        return { digests, signature: sign('digests-answer', digestsQuestionMessage(question, home), digests) };
      },
      at,
    );
    await fleet.gateway.serve(
      peerRange,
      ({ signature: _, ...question }) => {
        const told = encodeMessage({ accounts: page(question.range), next: null }, RANGE_PAGE_BYTES);
        return { page: told, signature: sign('range-answer', rangeQuestionMessage(question, home), told) };
      },
      at,
    );
    let sequence = 0;
    const beat = { node: home, epoch: 1, incarnation: 1, ready: true };
    setInterval(() => fleet.gateway.broadcast(nodeHeartbeat, 'main', { ...beat, sequence: ++sequence }), HEARTBEAT_MS);
  }
  const made = (range: number): AccountLeaf[] => [
    {
      uid: Uint8Array.from([range >> 4, (range & 15) << 4, ...bytesOf('made up', 30)]),
      index: 99,
      lastOk: 99,
      stateHash: bytesOf('state'),
    },
  ];

  it('makes nobody learn anything, and keeps nobody from the others', async () => {
    await cutOff(fleet, third, () => fleet.submit(attemptOf('wrong'), voter));
    const offered: RequestOf<typeof peerFetchSets>[] = [];
    await lie(made);
    await fleet.gateway.serve(peerFetchSets, (request) => (offered.push(request), { sets: [], confirmation: null }), {
      node: `main-${home}`,
    });
    await fleet.advance(2 * INTERVAL_MS);
    expect(fleet.account(third)).toEqual(fleet.account(voter));
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.every(({ uid }) => fleet.account(third, uid).state.index === 0)).toBe(true);
  });

  it('is asked for no more than a few accounts in a round', async () => {
    const offered: RequestOf<typeof peerFetchSets>[] = [];
    await lie(made);
    await fleet.gateway.serve(peerFetchSets, (request) => (offered.push(request), { sets: [], confirmation: null }), {
      node: `main-${home}`,
    });
    await fleet.advance(INTERVAL_MS);
    const asked = countSent(fleet);
    await fleet.advance(4 * INTERVAL_MS);
    expect(asked('peer.range')).toBeLessThanOrEqual(2 * 5 * 32);
    expect(offered.length).toBeLessThanOrEqual(2 * 6 * 16);
  });

  it.each<[string, (range: number) => AccountLeaf[], Signer | undefined]>([
    ['with a signature that is not its own', made, stranger],
    ['of accounts of another range', (range) => made((range + 1) % 4_096), undefined],
    ['of one account twice', (range) => [...made(range), ...made(range)], undefined],
  ])('is not believed %s', async (_what, page, by) => {
    const offered: unknown[] = [];
    await lie(page, by);
    await fleet.gateway.serve(peerFetchSets, (request) => (offered.push(request), { sets: [], confirmation: null }), {
      node: `main-${home}`,
    });
    await fleet.advance(3 * INTERVAL_MS);
    expect(offered).toEqual([]);
    expect(fleet.machine(third).lines.map(({ event, code }) => ({ event, code }))).toContainEqual({
      event: 'anti-entropy.peer-failed',
      code: 'NODE_MISBEHAVED',
    });
  });

  it('is told of by the nodes whose state differs', async () => {
    const account = fleet.account(third);
    const changed = { ...account, state: { ...account.state, ver: 7 } };
    const other = new AccountIndex({ load: () => changed, page: () => ({ accounts: [], next: null }) }, () => Promise.resolve());
    other.set(changed);
    await lie(
      (range) => [...other.leaves(range, null, 1)],
      keyOf(home),
      (group) => other.digests(group),
    );
    await fleet.advance(2 * INTERVAL_MS);
    expect(fleet.wire.events.filter(({ type }) => type.includes('log.diverged')).map(({ from }) => from)).toContain(third);
    expect(fleet.account(third)).toEqual(account);
  });
});
