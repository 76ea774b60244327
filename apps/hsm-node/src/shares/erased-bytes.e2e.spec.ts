import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { refreshFleet } from '@strongroom/stack';
import { TestFleet, type TestDevice } from '@strongroom/testing';
import type { Keystore } from '../keystore/keystore.js';
import { DataFolder } from '../storage/data-folder.js';
import { DiskSearch } from '../storage/disk-search.fixture.js';
import { heldSecrets, traces, type HeldSecrets } from './held-secrets.fixture.js';
import { SealedShareVault } from './sealed-share-vault.js';

const random = new SystemRandom();
const NODES = [1, 2, 3] as const;
const CODE = '4711 0815';
const THERE = ['a sealed key in key-slots', 'a key that the storage key opens'];
let fleet: TestFleet;
let copies: string;

beforeAll(async () => {
  copies = mkdtempSync(join(tmpdir(), 'erased-copies-'));
  // A node that was killed before it heard of a decision hears of it from its peers, and not only after a minute.
  fleet = await TestFleet.create({ profile: 'smallest', env: { 'hsm-node': { ANTI_ENTROPY_INTERVAL_MS: '1000' } } });
});
afterAll(async () => {
  await fleet.stop();
  rmSync(copies, { recursive: true });
});

const folderOf = (node: number): string => join(fleet.dataDir, `hsm-node-${node}`);

/** As `kill -9` of all three at once; a copy of each directory, and then they run again. */
async function killAndCopy(name: string): Promise<(node: number) => string> {
  const { nodes } = fleet.stack.services;
  await Promise.all(nodes.map((node) => node.kill9()));
  const copyOf = (node: number): string => join(copies, `${name}-${node}`);
  for (const node of NODES) cpSync(folderOf(node), copyOf(node), { recursive: true });
  await Promise.all(nodes.map((node) => node.start()));
  await fleet.healthy();
  return copyOf;
}

interface Held {
  readonly node: number;
  readonly keystore: Keystore;
  readonly secrets: HeldSecrets;
}

/** What a node holds of an account, read with the keystore of the directory: whoever has both has all of it. */
async function heldIn(folder: string, node: number, devices: readonly TestDevice[]): Promise<readonly Held[]> {
  const disk = new DiskSearch(folder);
  const { keystore, store, slots, ...data } = await openCopy(folder);
  const vault = await SealedShareVault.open({ store, slots, clock: { nowMs: () => 1 }, random });
  const held = devices.map(({ uid }) => ({ node, keystore, secrets: heldSecrets({ store, slots, vault }, disk, uid) }));
  await data.end();
  return held;
}

async function openCopy(folder: string): Promise<Pick<DataFolder, 'keystore' | 'store' | 'slots'> & { readonly end: () => Promise<void> }> {
  const data = await DataFolder.open({ folder, passphraseFile: undefined, random });
  return { keystore: data.keystore, store: data.store, slots: data.slots, end: () => data.onApplicationShutdown() };
}

describe('the directories of real nodes that were killed and restarted', () => {
  it('hold nothing of a record that was locked, replaced or deleted, which was found there before', async () => {
    const [locked, replaced, deleted] = [fleet.device(), fleet.device(), fleet.device()];
    for (const device of [locked, replaced, deleted]) await device.client.protect(random.bytes(32), CODE);
    const before = await killAndCopy('before');
    const held = (await Promise.all(NODES.map((node) => heldIn(before(node), node, [locked, replaced, deleted])))).flat();
    for (const { node, keystore, secrets } of held) {
      expect([secrets.slots.length > 0, secrets.content.length]).toEqual([true, 4]);
      expect(traces(new DiskSearch(folderOf(node)), keystore, secrets)).toEqual(THERE);
    }

    await replaced.client.protect(random.bytes(32), '8306 5671');
    await deleted.client.forget();
    for (const wrong of ['0000 0001', '0000 0002'])
      await expect(locked.client.recover(wrong)).rejects.toMatchObject({ code: 'CODE_WRONG' });
    await killAndCopy('locked');
    const isGone = ({ node, keystore, secrets }: Held): boolean => traces(new DiskSearch(folderOf(node)), keystore, secrets).length === 0;
    await fleet.until('all nodes to erase', () => held.every(isGone), 60_000);
    const after = await killAndCopy('after');
    for (const { node, keystore, secrets } of held) expect(traces(new DiskSearch(after(node)), keystore, secrets)).toEqual([]);
    expect(held.every(isGone)).toBe(true);
    expect((await fleet.device(replaced.account).client.recover('8306 5671')).version).toBe(2);
  });

  it('hold nothing of the shares that a refresh made anew, and the record opens as before', async () => {
    const device = fleet.device();
    const backupKey = random.bytes(32);
    await device.client.protect(backupKey, CODE);
    const before = await killAndCopy('shared');
    const held = (await Promise.all(NODES.map((node) => heldIn(before(node), node, [device])))).flat();
    for (const { node, keystore, secrets } of held) expect(traces(new DiskSearch(folderOf(node)), keystore, secrets)).toEqual(THERE);
    expect(await refreshFleet(fleet.stack.operator, { fleetId: 'main', timeoutMs: 60_000 })).toMatchObject({ staleShares: 0 });
    const isGone = ({ node, keystore, secrets }: Held): boolean => traces(new DiskSearch(folderOf(node)), keystore, secrets).length === 0;
    await fleet.until('all nodes to erase their old shares', () => held.every(isGone), 30_000);
    const after = await killAndCopy('refreshed');
    for (const { node, keystore, secrets } of held) expect(traces(new DiskSearch(after(node)), keystore, secrets)).toEqual([]);
    const { backupKey: recovered } = await fleet.device(device.account).client.recover(CODE);
    expect(recovered.reveal()).toEqual(backupKey);
  });
});
