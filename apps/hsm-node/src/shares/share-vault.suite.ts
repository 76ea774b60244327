import { beforeEach, describe, expect, it } from '@jest/globals';
import { utf8, type Bytes } from '@strongroom/protocol';
import { MAX_RESHARED, MAX_STAGED, STAGED_LIFETIME_MS, type ShareVault, type StagedVersion } from './share-vault.js';

export const uid: Bytes = new Uint8Array(32).fill(1);
export const other: Bytes = new Uint8Array(32).fill(2);

/** @param index of the log for which it waits as a new sharing */
export function versionOf(n: number, account: Bytes = uid, index = 0): StagedVersion {
  return {
    uid: account,
    recordHash: new Uint8Array(32).fill(100 + n + 20 * index),
    ver: n,
    record: utf8(`record ${n}`),
    sealed: [utf8('for 1'), new Uint8Array(0), utf8('for 3')],
    share: new Uint8Array(64).fill(n + 20 * index),
    ...(index > 0 && { index }),
  };
}

export function shareOf(vault: ShareVault, { uid: account, recordHash }: StagedVersion): number[] {
  return vault.withShare(account, recordHash, (k, s) => [k.length, s.length, k[0] ?? -1, s[31] ?? -1]);
}

const unknown: unknown = expect.objectContaining({ code: 'RECORD_UNKNOWN' });

/** What every ShareVault does. */
export function behavesAsShareVault(open: () => Promise<ShareVault>, nowMs: () => number): void {
  describe('any vault', () => {
    let vault: ShareVault;
    beforeEach(async () => {
      vault = await open();
    });

    it('gives back what it was given to keep', async () => {
      const version = versionOf(1);
      expect(vault.holds(uid, version.recordHash)).toBe(false);
      await vault.stage(version);
      expect(vault.holds(uid, version.recordHash)).toBe(true);
      expect(vault.record(uid, version.recordHash)).toEqual(version.record);
      expect([1, 2, 3, 4].map((node) => vault.sealedFor(uid, version.recordHash, node))).toEqual([
        utf8('for 1'),
        null,
        utf8('for 3'),
        null,
      ]);
      expect(shareOf(vault, version)).toEqual([32, 32, 1, 1]);
    });

    it('keeps versions and accounts apart', async () => {
      await Promise.all([vault.stage(versionOf(1)), vault.stage(versionOf(2)), vault.stage(versionOf(3, other))]);
      expect([versionOf(1), versionOf(2), versionOf(3, other)].map((version) => shareOf(vault, version)[2])).toEqual([1, 2, 3]);
      expect(vault.holds(other, versionOf(1).recordHash)).toBe(false);
    });

    it('wipes the share after its use, whatever the use does', async () => {
      await vault.stage(versionOf(1));
      const seen: Bytes[] = [];
      const look = (k: Bytes, s: Bytes): never => {
        seen.push(k, s);
        throw new Error('stop');
      };
      expect(() => vault.withShare(uid, versionOf(1).recordHash, look)).toThrow('stop');
      expect(seen).toEqual([new Uint8Array(32), new Uint8Array(32)]);
    });

    it('keeps its own copy of the share', async () => {
      const version = versionOf(1);
      const staged = vault.stage(version);
      version.share.fill(0);
      await staged;
      expect(shareOf(vault, version)[2]).toBe(1);
    });

    it('stages the same version once, however often it is sent', async () => {
      await Promise.all([vault.stage(versionOf(1)), vault.stage({ ...versionOf(1), share: new Uint8Array(64).fill(9) })]);
      expect(shareOf(vault, versionOf(1))[2]).toBe(1);
    });

    it('refuses a fifth version that waits, until one is decided or gone', async () => {
      for (let n = 1; n <= MAX_STAGED; n++) await vault.stage(versionOf(n));
      await expect(vault.stage(versionOf(9))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await vault.stage(versionOf(1));
      await vault.stage(versionOf(9, other));
      await vault.activate(uid, versionOf(1).recordHash);
      await vault.stage(versionOf(9));
    });

    it('erases a version for good, twice if asked, and no other', async () => {
      await Promise.all([vault.stage(versionOf(1)), vault.stage(versionOf(2))]);
      await Promise.all([vault.erase(uid, versionOf(1).recordHash), vault.erase(uid, versionOf(1).recordHash)]);
      expect(vault.holds(uid, versionOf(1).recordHash)).toBe(false);
      expect(vault.record(uid, versionOf(1).recordHash)).toBeNull();
      expect(vault.sealedFor(uid, versionOf(1).recordHash, 1)).toBeNull();
      expect(() => shareOf(vault, versionOf(1))).toThrow(unknown);
      expect(shareOf(vault, versionOf(2))[2]).toBe(2);
    });

    it.each([
      [3, [2], [false, true, false, true], [1]],
      [2, [], [false, false, true, true], [1]],
      [4, [1, 4], [true, false, false, true], []],
    ])('erases up to version %i all but %j, and tells what had been active', async (ver, kept, held, told) => {
      for (const n of [1, 2, 3, 4]) await vault.stage(versionOf(n));
      await vault.stage(versionOf(1, other));
      await vault.activate(uid, versionOf(1).recordHash);
      const hashes = kept.map((n) => versionOf(n).recordHash);
      expect(await vault.eraseUpTo(uid, ver, hashes, Infinity)).toEqual(told.map((n) => versionOf(n).recordHash));
      expect([1, 2, 3, 4].map((n) => vault.holds(uid, versionOf(n).recordHash))).toEqual(held);
      expect(vault.holds(other, versionOf(1).recordHash)).toBe(true);
    });

    it('keeps a new sharing beside the old one while its place in the log is open, and no longer', async () => {
      const [old, fresh] = [versionOf(1), versionOf(1, uid, 7)];
      for (const version of [old, fresh]) await vault.stage(version);
      await vault.activate(uid, old.recordHash);
      expect([old, fresh].map((version) => shareOf(vault, version)[2])).toEqual([1, 141]);
      expect(await vault.eraseUpTo(uid, 1, [old.recordHash], 7)).toEqual([]);
      expect(vault.holds(uid, fresh.recordHash)).toBe(true);
      await vault.activate(uid, fresh.recordHash);
      // As after a crash that undid the decision at this node: it comes again.
      expect(await vault.eraseUpTo(uid, 1, [old.recordHash], 7)).toEqual([]);
      expect(await vault.eraseUpTo(uid, 1, [fresh.recordHash], 8)).toEqual([old.recordHash]);
      expect(shareOf(vault, fresh)[2]).toBe(141);
    });

    it('lets new sharings of later places push out those of earlier ones, and bounds those of one place', async () => {
      const sharings = (index: number): StagedVersion[] =>
        Array.from({ length: MAX_RESHARED + 1 }, (_, i) => ({
          ...versionOf(1, uid, index),
          recordHash: new Uint8Array(32).fill(16 * index + i),
        }));
      for (const version of [versionOf(1), ...sharings(7).slice(1)]) await vault.stage(version);
      await expect(vault.stage(sharings(7)[0] ?? versionOf(1))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      for (const version of [...sharings(8).slice(1), versionOf(2)]) await vault.stage(version);
      expect(sharings(7).some(({ recordHash }) => vault.holds(uid, recordHash))).toBe(false);
      expect([1, 2].map((n) => vault.holds(uid, versionOf(n).recordHash))).toEqual([true, true]);
    });

    it('pushes out no sharing that is living, activated or not', async () => {
      const [decided, next] = [versionOf(1, uid, 7), versionOf(2, uid, 8)];
      await vault.stage(decided);
      await vault.stage({ ...next, living: [decided.recordHash] });
      expect([decided, next].map(({ recordHash }) => vault.holds(uid, recordHash))).toEqual([true, true]);
    });

    it('asks before it sweeps a new sharing, naming the place that it waits for', async () => {
      await vault.stage(versionOf(1, uid, 7));
      const asked: number[] = [];
      const isNeeded = (_uid: Bytes, _hash: Bytes, index: number): boolean => asked.push(index) < 2;
      for (const swept of [0, 1]) expect(await vault.sweep(nowMs() + STAGED_LIFETIME_MS, isNeeded)).toBe(swept);
      expect(asked).toEqual([7, 7]);
    });

    it('takes a barred version back no more, and any other of any account still', async () => {
      const { recordHash } = versionOf(1);
      await vault.stage(versionOf(1));
      await vault.bar(uid, recordHash);
      await vault.erase(uid, recordHash);
      await expect(vault.stage(versionOf(1))).rejects.toMatchObject({ code: 'CONFLICT' });
      for (const version of [versionOf(2), versionOf(1, other)]) await vault.stage(version);
      expect([1, 2].map((n) => vault.isBarred(uid, versionOf(n).recordHash))).toEqual([true, false]);
      expect(vault.holds(uid, recordHash)).toBe(false);
    });

    it('keeps a sealed share until its node has acknowledged it', async () => {
      const { recordHash } = versionOf(1);
      await vault.stage(versionOf(1));
      await Promise.all([
        vault.acknowledge(uid, recordHash, 1),
        vault.acknowledge(uid, recordHash, 1),
        vault.acknowledge(uid, recordHash, 2),
      ]);
      expect([1, 3].map((node) => vault.sealedFor(uid, recordHash, node))).toEqual([null, utf8('for 3')]);
      await vault.acknowledge(uid, recordHash, 3);
      expect(vault.sealedFor(uid, recordHash, 3)).toBeNull();
      expect(shareOf(vault, versionOf(1))[2]).toBe(1);
      await vault.acknowledge(uid, versionOf(2).recordHash, 1);
    });

    it('sweeps what waited too long and is neither activated nor decided', async () => {
      for (const n of [1, 2, 3]) await vault.stage(versionOf(n));
      await vault.activate(uid, versionOf(2).recordHash);
      const decided = (_uid: Bytes, recordHash: Bytes): boolean => recordHash[0] === 103;
      expect(await vault.sweep(nowMs() + STAGED_LIFETIME_MS - 1, decided)).toBe(0);
      expect(await vault.sweep(nowMs() + STAGED_LIFETIME_MS, decided)).toBe(1);
      expect([1, 2, 3].map((n) => vault.holds(uid, versionOf(n).recordHash))).toEqual([false, true, true]);
    });
  });
}
