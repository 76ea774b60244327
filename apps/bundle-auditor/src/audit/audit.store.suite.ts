import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SignedEpoch } from './audit.js';
import type { AuditStore } from './audit.store.js';

const signed = (epoch: number, digit: string): SignedEpoch => ({
  epoch,
  digest: digit.repeat(64),
  text: `text ${digit}\n`,
  signatureLine: `line ${digit}`,
});
const statements = [Uint8Array.of(1, 2, 3)];

/** What every AuditStore must do. */
export function auditStoreSuite(make: () => Promise<AuditStore>): void {
  describe('an audit store', () => {
    let store: AuditStore;
    beforeEach(async () => {
      store = await make();
    });

    it('has signed nothing at first', async () => {
      expect(await store.around(1)).toEqual({ same: undefined, last: undefined });
    });

    it('keeps the first text of an epoch, whatever comes after it', async () => {
      expect(await store.keep(signed(1, 'a'), statements)).toEqual(signed(1, 'a'));
      expect(await store.keep(signed(1, 'b'), statements)).toEqual(signed(1, 'a'));
      expect(await store.keep(signed(1, 'a'), statements)).toEqual(signed(1, 'a'));
      expect(await store.around(1)).toEqual({ same: signed(1, 'a'), last: signed(1, 'a') });
    });

    it('keeps one of many texts that come at once', async () => {
      const digits = [...'abcdef0123'];
      // Opens the connections, so that the texts really meet.
      await Promise.all(digits.map(() => store.around(1)));
      const kept = await Promise.all(digits.map((digit) => store.keep(signed(1, digit), statements)));
      expect(new Set(kept.map(({ digest }) => digest)).size).toBe(1);
      expect((await store.around(1)).same).toEqual(kept[0]);
    });

    it('shows the epoch asked for and the newest one', async () => {
      await store.keep(signed(1, 'a'), statements);
      await store.keep(signed(2, 'b'), statements);
      expect(await store.around(1)).toEqual({ same: signed(1, 'a'), last: signed(2, 'b') });
      expect(await store.around(3)).toEqual({ same: undefined, last: signed(2, 'b') });
    });
  });
}
