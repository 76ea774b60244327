import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { peerState } from '@strongroom/contracts';
import { encodeMessage } from '@strongroom/platform';
import { encodeVote, logValueHash, type Accepted, type Ballot } from '@strongroom/protocol';
import { alice, attemptOf, versionOf, type Version } from '../node/account.fixture.js';
import { Forger, keyOf } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { MemoryBus } from '../node/memory-wire.fixture.js';
import { statePageMessage } from './rejoin-message.js';

let fleet: MemoryFleet;
let version: Version;
let [home, starting, liar, late] = [1, 2, 3, 4];
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
async function begin(shape: { readonly n: number; readonly t: number; readonly q: number }): Promise<void> {
  fleet = await MemoryFleet.started(shape);
  [home = 1, starting = 2, liar = 3, late = 4] = fleet.ranked;
  await fleet.register(version);
}
beforeEach(() => holdTime());
afterEach(() => fleet.end());

/** What `ballot.node` proposed at the open index of the account, and nobody allowed. */
function proposed(name: string, ballot: Ballot): Accepted {
  const forger = new Forger(fleet);
  const value = forger.value(attemptOf(name));
  const proposal = forger.signed(ballot.node, encodeVote(forger.vote(ballot.node, value, ballot, { index: 2 })));
  return { ballot, value, valueHash: logValueHash(value), proposal, basis: [] };
}

/** From now on `node` hands over this instead of what it holds. */
async function tell(node: number, accepted: Accepted): Promise<void> {
  const account = { uid: alice, index: 1, confirmation: null, promised: null, accepted };
  const page = encodeMessage({ accounts: [account], next: null }, 800 * 1024);
  await new MemoryBus(fleet.wire, node).serve(
    peerState,
    ({ nonce }) => ({ page, signature: keyOf(node).sign(statePageMessage(fleet.roster, node, nonce, page)) }),
    { node: `main-${node}` },
  );
}

describe('a node that rejoins', () => {
  it('takes over no value that a corrupt peer alone vouches for, where the fleet stays exact with one', async () => {
    await begin({ n: 4, t: 3, q: 3 });
    await tell(liar, proposed('made up', { round: 1, node: liar, incarnation: 1 }));
    await fleet.restart(starting);
    expect(fleet.machine(starting).now.node.ready).toBe(true);
    expect(fleet.account(starting).accepted).toBeNull();
  });

  it('takes over what the home node proposed at ballot 0', async () => {
    await begin({ n: 4, t: 3, q: 3 });
    const accepted = proposed('first', { round: 0, node: home, incarnation: 1 });
    await tell(liar, accepted);
    await fleet.restart(starting);
    expect(fleet.account(starting).accepted).toMatchObject({ ballot: accepted.ballot, valueHash: accepted.valueHash });
  });

  it('asks for another answer when one who answered signed two values, and takes the one that most report', async () => {
    await begin({ n: 5, t: 3, q: 3 });
    const zero = { round: 0, node: home, incarnation: 1 };
    const most = proposed('most', zero);
    await tell(home, proposed('fewer', zero));
    await tell(liar, most);
    await tell(late, most);
    fleet.wire.fate = ({ name, from }) => (name === 'peer.state.answer' && from === late ? 'hold' : 'deliver');
    fleet.machine(starting).kill();
    await fleet.start(starting);
    await fleet.advance(1_000);
    expect(fleet.machine(starting).now.node.ready).toBe(false);
    fleet.wire.fate = () => 'deliver';
    fleet.wire.release();
    await fleet.advance(1_000);
    expect(fleet.machine(starting).now.node.ready).toBe(true);
    expect(fleet.account(starting).accepted?.valueHash).toEqual(most.valueHash);
  });
});
