import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toHex } from '@strongroom/protocol';
import type { KeySlots } from './key-slots.js';

const NOTHING: ReadonlySet<number> = new Set();

/** What every KeySlots does, real or fake. */
export function behavesAsKeySlots(open: () => Promise<KeySlots>): void {
  describe('any key slots', () => {
    let slots: KeySlots;
    beforeEach(async () => {
      slots = await open();
      await slots.recover(NOTHING);
    });
    afterEach(() => slots.close());

    it('hands out different slots with different keys and reads them back', async () => {
      const all = (await Promise.all([slots.allocate(2), slots.allocate(600), slots.allocate(1)])).flat();
      expect(new Set(all.map(({ slot }) => slot)).size).toBe(603);
      expect(new Set(all.map(({ key }) => toHex(key))).size).toBe(603);
      for (const { slot, key } of all) expect(slots.read(slot)).toEqual(key);
    });

    it('keeps its own copy of a key', async () => {
      for (const { slot, key } of await slots.allocate(1)) {
        const was = toHex(key);
        key.fill(0);
        slots.read(slot)?.fill(0);
        expect(toHex(slots.read(slot) ?? key)).toBe(was);
      }
    });

    it('forgets an erased key, and only that', async () => {
      const numbers = (await slots.allocate(2)).map(({ slot }) => slot);
      await slots.erase(numbers.slice(0, 1));
      await slots.erase(numbers.slice(0, 1));
      expect(numbers.map((slot) => slots.read(slot) === null)).toEqual([true, false]);
    });

    it('hands an erased slot out again only after its release', async () => {
      const [first] = await slots.allocate(1);
      const slot = first?.slot ?? -1;
      await slots.erase([slot]);
      const others = (await slots.allocate(511)).map((other) => other.slot);
      expect(others).not.toContain(slot);
      slots.release([slot]);
      expect((await slots.allocate(1)).map((other) => other.slot)).toEqual([slot]);
    });

    it('refuses to release a slot that holds a key', async () => {
      const [first] = await slots.allocate(1);
      expect(() => slots.release([first?.slot ?? -1])).toThrow(RangeError);
    });

    it('erases at recovery what no row names, and keeps what one names', async () => {
      const numbers = (await slots.allocate(3)).map(({ slot }) => slot);
      await slots.recover(new Set(numbers.slice(0, 1)));
      expect(numbers.map((slot) => slots.read(slot) === null)).toEqual([false, true, true]);
    });

    it('does not hand out an erased slot that a row still names', async () => {
      const numbers = (await slots.allocate(512)).map(({ slot }) => slot);
      await slots.erase(numbers);
      await slots.recover(new Set(numbers));
      expect((await slots.allocate(1)).every(({ slot }) => !numbers.includes(slot))).toBe(true);
    });
  });
}
