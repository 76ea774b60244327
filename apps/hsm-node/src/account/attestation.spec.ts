import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { peerAttest } from '@strongroom/contracts';
import { alice, attemptOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { RULES } from '../node/machine.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { MemoryBus } from '../node/memory-wire.fixture.js';

let fleet: MemoryFleet;
let version: Version;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  version = await versionOf(fleet.roster, 1);
  await fleet.register(version);
});
afterEach(() => fleet.end());

const holds = (node: number): boolean => fleet.machine(node).now.vault.holds(alice, version.hash);

/** The last attempt is right and its confirmation acknowledged by the nodes 1 and 2, and 3 misses it. */
async function confirmedWithoutThird(): Promise<void> {
  for (const name of ['first', 'second']) await fleet.submit(attemptOf(name));
  const last = await fleet.submit(attemptOf('third'));
  fleet.wire.fate = ({ to, name }) => (to === 3 && (name === 'batch' || name === 'peer.fetch-sets.answer') ? 'lose' : 'deliver');
  for (const node of [1, 2]) await fleet.confirm(confirmationOf(last), node);
  expect(fleet.account(3).confirmation).toBeNull();
}

it('takes over a confirmation that it missed instead of erasing', async () => {
  await confirmedWithoutThird();
  await fleet.jump(RULES.eraseDeadlineMs);
  expect(fleet.account(3).confirmation?.index).toBe(4);
  expect(holds(3)).toBe(true);
});

it('erases nothing when the confirmation in an answer was tampered with on its way', async () => {
  await confirmedWithoutThird();
  for (const node of [1, 2]) {
    const { attestation } = fleet.machine(node).now.node.services;
    await new MemoryBus(fleet.wire, node).serve(
      peerAttest,
      (request) => {
        const answer = attestation.answer(request);
        const { confirmation } = answer;
        return { ...answer, confirmation: confirmation === null ? null : { ...confirmation, signature: new Uint8Array(64) } };
      },
      { node: `main-${node}` },
    );
  }
  await fleet.jump(RULES.eraseDeadlineMs);
  expect(holds(3)).toBe(true);
});
