import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Draft, PublishedBundle } from './bundle.js';
import type { BundleStore } from './bundle.store.js';

const draft = (epoch: number, digit: string): Draft => ({ epoch, digest: digit.repeat(64), text: `text ${digit}\n` });
const bundle = (epoch: number, digit: string): PublishedBundle => ({ epoch, digest: digit.repeat(64), note: `note ${digit}\n` });

/** What every BundleStore must do; `events` gives the published bundles told so far. */
export function bundleStoreSuite(make: () => Promise<{ store: BundleStore; events: () => Promise<readonly PublishedBundle[]> }>): void {
  describe('a bundle store', () => {
    let store: BundleStore;
    let events: () => Promise<readonly PublishedBundle[]>;
    beforeEach(async () => {
      ({ store, events } = await make());
    });

    it('has nothing at first', async () => {
      expect(await store.current()).toBeUndefined();
      expect(await store.openDraft()).toBeUndefined();
      expect(await store.draftByDigest('a'.repeat(64))).toBeUndefined();
    });

    it('shows each published bundle under its epoch', async () => {
      await store.publish(bundle(1, 'a'));
      await store.publish(bundle(2, 'b'));
      expect(await store.published(1)).toEqual(bundle(1, 'a'));
      expect(await store.published(2)).toEqual(bundle(2, 'b'));
      expect(await store.published(3)).toBeUndefined();
    });

    it('keeps one draft under way: the first', async () => {
      expect(await store.keepDraft(draft(1, 'a'))).toEqual(draft(1, 'a'));
      expect(await store.keepDraft(draft(1, 'b'))).toEqual(draft(1, 'a'));
      expect(await store.openDraft()).toEqual(draft(1, 'a'));
    });

    it('keeps only one of many drafts that come at once', async () => {
      const digits = [...'abcdef0123'];
      // Opens the connections, so that the drafts really meet.
      await Promise.all(digits.map(() => store.current()));
      const kept = await Promise.all(digits.map((digit) => store.keepDraft(draft(1, digit))));
      expect(new Set(kept.map(({ digest }) => digest)).size).toBe(1);
    });

    it('finds a closed draft again, but not as the one under way', async () => {
      await store.keepDraft(draft(1, 'a'));
      await store.closeDraft(draft(1, 'a'));
      expect(await store.openDraft()).toBeUndefined();
      expect(await store.draftByDigest('a'.repeat(64))).toEqual(draft(1, 'a'));
      expect(await store.keepDraft(draft(1, 'b'))).toEqual(draft(1, 'b'));
    });

    it('takes up a closed draft again when it is kept again', async () => {
      await store.keepDraft(draft(1, 'a'));
      await store.closeDraft(draft(1, 'a'));
      expect(await store.keepDraft(draft(1, 'a'))).toEqual(draft(1, 'a'));
      expect(await store.openDraft()).toEqual(draft(1, 'a'));
    });

    it('publishes a bundle and its event once, and ends its draft', async () => {
      await store.keepDraft(draft(1, 'a'));
      await store.publish(bundle(1, 'a'));
      await store.publish(bundle(1, 'a'));
      expect(await store.current()).toEqual(bundle(1, 'a'));
      expect(await store.openDraft()).toBeUndefined();
      expect(await events()).toEqual([bundle(1, 'a')]);
    });

    it('shows the highest epoch as the current one', async () => {
      for (const [epoch, digit] of [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ] as const)
        await store.publish(bundle(epoch, digit));
      expect(await store.current()).toEqual(bundle(3, 'c'));
      expect(await store.digests(2)).toEqual(['a', 'b'].map((digit) => digit.repeat(64)));
      expect(await store.digests(9)).toHaveLength(3);
    });

    it('puts a newer proof in the place of that of a published bundle, tells it again, and no other digest', async () => {
      await store.publish(bundle(1, 'a'));
      const renewed = { ...bundle(1, 'a'), note: 'newer proof\n' };
      await store.renew(renewed);
      expect(await store.current()).toEqual(renewed);
      for (const stranger of [bundle(1, 'b'), bundle(2, 'a')]) await store.renew(stranger);
      expect(await store.current()).toEqual(renewed);
      expect(await events()).toEqual([bundle(1, 'a'), renewed]);
    });
  });
}
