import { describe, expect, it } from '@jest/globals';
import { Acts } from '../run/act.js';
import { Trace } from '../run/trace.js';
import { World } from '../run/world.js';
import { Needles } from './needles.js';
import { StolenDisks } from './stolen-disks.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A fleet of three with one version, all of whose messages were recorded. */
async function registered(): Promise<World> {
  const plan = { seed: 1, n: 3, t: 2, q: 2, attempts: 2, accounts: 1, delaysMs: [], corrupt: [], steps: [] };
  const world = await World.of(plan, new Trace(false, () => undefined));
  const acts = new Acts(world);
  world.machines.forEach((machine) => machine.start());
  await world.time.runFor(1_500);
  await acts.do({ kind: 'register', account: 0, byOwner: false, dies: false });
  await world.time.runFor(3_000);
  return world;
}

describe('what a thief of keys and disks gets', () => {
  it('is the share of that node, from its disk and from what was recorded, and nothing else', async () => {
    const world = await registered();
    try {
      new StolenDisks(world).check();
      expect(world.observer.violation).toBeNull();
      const [version] = world.account(0).versions;
      expect(world.observer.secrecy.sealed.size).toBeGreaterThanOrEqual(3);
      // As if the first node could open what is not its own.
      world.observer.secrecy.needles.add({ what: 'a share', node: 9, bytes: version?.shares[0] ?? new Uint8Array(32) });
      world.machine(1).platter.rows.clear();
      new StolenDisks(world).check();
      expect(world.observer.violation).toMatchObject({ rule: 'I2', story: expect.stringContaining('node 1') });
    } finally {
      world.time.close();
    }
  });

  it('is found on its disk too, where nothing was recorded', async () => {
    const world = await registered();
    try {
      const [version] = world.account(0).versions;
      world.observer.secrecy.sealed.clear();
      world.observer.secrecy.needles.add({ what: 'a share', node: 9, bytes: version?.shares[1] ?? new Uint8Array(32) });
      new StolenDisks(world).check();
      expect(world.observer.violation).toMatchObject({ rule: 'I2', story: expect.stringContaining('node 2') });
    } finally {
      world.time.close();
    }
  });
});

describe('a secret', () => {
  const needles = new Needles();
  needles.add({ what: 'it', node: null, bytes: bytes('0123456789abcdef') });

  it('is found anywhere in a message, also at its edges, and not when a byte of it is missing', () => {
    const found = ['0123456789abcdef', 'xx0123456789abcdefxx', '0120123456789abcdef', '0123456789abcde', '123456789abcdef'].map(
      (text) => needles.in(bytes(text)).length,
    );
    expect(found).toEqual([1, 1, 1, 0, 0]);
  });

  it('is found in text, in hex and in base64url', () => {
    const texts = ['{"x":"30313233343536373839616263646566"}', '{"x":"MDEyMzQ1Njc4OWFiY2RlZg"}', '{"x":"0123456789abcdef"}'];
    expect(texts.map((text) => needles.told(text).length)).toEqual([1, 1, 0]);
  });
});
