import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Roster } from '../roster/roster.js';
import type { RosterListener } from '../roster/roster-source.js';
import { FleetNodeService } from './fleet-node.service.js';
import { holdTime, MemoryFleet } from './memory-fleet.fixture.js';

let fleet: MemoryFleet;
let service: FleetNodeService;
let tell: RosterListener;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  const { node, parts } = fleet.machine(3).now;
  const { roster } = node;
  await node.stop();
  let current: Roster | null = roster;
  const rosters = {
    current: () => current,
    onChange: (listener: RosterListener) => {
      tell = (next) => {
        current = next;
        listener(next);
      };
      return () => undefined;
    },
  };
  service = new FleetNodeService(parts, rosters);
  service.onApplicationBootstrap();
  await fleet.advance(600);
});
afterEach(() => fleet.end());

it('takes part in the fleet that lists it, and in nothing once no living fleet does', async () => {
  expect(service.ready).toBe(true);
  tell(null);
  await fleet.advance(600);
  expect(service.ready).toBe(false);
});
