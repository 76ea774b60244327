import { beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOG } from '@strongroom/platform';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { BundleRosterSource, type BundleRosterParts } from './bundle-roster-source.js';
import { fleetOf, LIFETIME_MS, newKeystore, NOW_MS, publish, statementOf, trustRoot } from './bundle.fixture.js';
import type { Roster } from './roster.js';

const self = newKeystore();
const peers = [newKeystore(), newKeystore()];
const members = [...peers.slice(0, 1), self, ...peers.slice(1)];
const first = publish([fleetOf(members)]);

let store: MemoryNodeStore;
let nowMs: number;
let seen: (Roster | null)[];
beforeEach(() => {
  store = new MemoryNodeStore();
  nowMs = NOW_MS;
  seen = [];
});

function open(changes: Partial<BundleRosterParts> = {}): BundleRosterSource {
  const source = BundleRosterSource.open({
    store,
    keystore: self,
    trustRoot,
    allowBenchSuite: false,
    clock: { nowMs: () => nowMs },
    log: SILENT_LOG,
    ...changes,
  });
  source.onChange((roster) => seen.push(roster));
  return source;
}
const invalid = (check: string): unknown => expect.objectContaining({ code: 'BUNDLE_INVALID', metadata: { check } });

describe('the roster', () => {
  it('is the fleet that lists the node, with its index, parameters and keys', async () => {
    const source = open();
    expect(source.current()).toBeNull();
    await source.accept(first.note);
    const keys = members.map((keystore, i) => ({ index: i + 1, identityKey: keystore.identityPublicKey, hpkeKey: keystore.hpkePublicKey }));
    expect(source.current()).toEqual({
      fleetId: 'main',
      epoch: 1,
      self: 2,
      state: 'active',
      n: 3,
      t: 2,
      q: 2,
      attempts: 10,
      ksf: 'argon2id:65536:3:1',
      members: keys,
    });
    expect(seen).toEqual([source.current()]);
  });

  it('is told once, however often and however fast the same bundle comes', async () => {
    const source = open();
    await Promise.all([1, 2, 3].map(() => source.accept(first.note)));
    await source.accept(publish([fleetOf(members)], first).note);
    expect(seen).toHaveLength(1);
    await source.accept(publish([fleetOf(members, { state: 'draining' })], publish([fleetOf(members)], first)).note);
    expect(seen.map((roster) => roster?.state)).toEqual(['active', 'draining']);
  });

  it('is told nobody who has stopped listening', async () => {
    const source = open();
    const stopped: (Roster | null)[] = [];
    source.onChange((roster) => stopped.push(roster))();
    await source.accept(first.note);
    expect(stopped).toEqual([]);
  });

  it.each([[['operator']], [['auditor']]] as const)('never comes from a bundle signed by the %s alone', async (signers) => {
    const source = open();
    await expect(source.accept(publish([fleetOf(members)], undefined, signers).note)).rejects.toEqual(invalid('both-signatures'));
    expect([source.current(), seen, store.snapshot().size]).toEqual([null, [], 0]);
  });

  it('never comes from a text that was changed after it was signed', async () => {
    await expect(open().accept(first.note.replace(' attempts 10 ', ' attempts 11 '))).rejects.toEqual(invalid('both-signatures'));
  });

  it('is remembered before it is used: nothing changes when the memory cannot be saved', async () => {
    const source = open();
    store.failCommits(1);
    await expect(source.accept(first.note)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect([source.current(), seen]).toEqual([null, []]);
    await source.accept(first.note);
    expect(seen).toHaveLength(1);
  });

  it('never goes back to an older bundle or to another of the same epoch, after a restart either', async () => {
    const second = publish([fleetOf(members)], first);
    await open().accept(second.note);
    for (const source of [open(), open()]) {
      await expect(source.accept(first.note)).rejects.toMatchObject({ code: 'BUNDLE_STALE' });
      const other = publish([fleetOf(members, { state: 'draining' })], first);
      await expect(source.accept(other.note)).rejects.toEqual(invalid('epoch'));
      expect(source.current()?.state).toBe('active');
    }
  });

  it('is there at once after a restart, its bundle expired meanwhile or not', async () => {
    await open().accept(first.note);
    nowMs += 2 * LIFETIME_MS;
    expect(open().current()?.self).toBe(2);
    expect(seen).toHaveLength(1);
  });

  it('does not come from an expired bundle that is new to the node', async () => {
    nowMs += 2 * LIFETIME_MS;
    await expect(open().accept(first.note)).rejects.toMatchObject({ code: 'BUNDLE_STALE' });
  });

  it("is nobody's after a restart under another trust root, and old epochs stay refused", async () => {
    await open().accept(publish([fleetOf(members)], first).note);
    const source = open({ trustRoot: { ...trustRoot, version: 2 } });
    expect(source.current()).toBeNull();
    await expect(open().accept(first.note)).rejects.toMatchObject({ code: 'BUNDLE_STALE' });
  });

  it('is null when no living fleet lists the node', async () => {
    const source = open();
    await source.accept(publish([fleetOf([newKeystore(), ...peers])]).note);
    expect([source.current(), seen]).toEqual([null, []]);
  });

  it('ends when its fleet is revoked, and says so', async () => {
    const source = open();
    await source.accept(first.note);
    await source.accept(
      publish([fleetOf(members, { state: 'retired' }), fleetOf([newKeystore(), newKeystore(), newKeystore()], { fleetId: 'next' })], first)
        .note,
    );
    expect([source.current(), seen.at(-1)]).toEqual([null, null]);
  });

  it('refuses a bundle that lists the node with another HPKE key', async () => {
    const statements = [statementOf(self, { hpkeKey: newKeystore().hpkePublicKey }), ...peers.map((keystore) => statementOf(keystore))];
    await expect(open().accept(publish([fleetOf(members, { statements })]).note)).rejects.toEqual(invalid('own-key'));
  });

  it('takes a fleet without key stretching only when it is allowed to', async () => {
    const bench = publish([fleetOf(members, { ksf: 'none' })]);
    await expect(open().accept(bench.note)).rejects.toEqual(invalid('bench-suite'));
    await open({ allowBenchSuite: true }).accept(bench.note);
    expect(seen.map((roster) => roster?.ksf)).toEqual(['none']);
    expect(open().current()).toBeNull();
  });
});
