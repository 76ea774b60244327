import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { alice, attemptOf, versionOf } from '../node/account.fixture.js';
import { RULES } from '../node/machine.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
});
afterEach(() => fleet.end());

const unknown = { code: 'RECORD_UNKNOWN' };

it('does not fetch back a share that was erased, whoever still keeps one sealed', async () => {
  const version = await versionOf(fleet.roster, 1);
  // Nobody hears that the others hold their shares, so each keeps all that are sealed.
  fleet.wire.fate = ({ name }) => (name === 'record' ? 'lose' : 'deliver');
  await fleet.register(version);
  const [home = 1, , away = 3] = fleet.ranked;
  for (const name of ['first', 'second']) await fleet.submit(attemptOf(name));
  fleet.machine(away).kill();
  await fleet.submit(attemptOf('third'));
  await fleet.jump(RULES.eraseDeadlineMs);
  expect(fleet.machine(home).now.vault.holds(alice, version.hash)).toBe(false);
  await fleet.start(away);
  await fleet.advance(600);
  expect(fleet.machine(away).now.vault.sealedFor(alice, version.hash, home)).not.toBeNull();

  await expect(fleet.evaluate(attemptOf('third'), home)).rejects.toMatchObject(unknown);
  expect(fleet.machine(home).now.vault.holds(alice, version.hash)).toBe(false);
});
