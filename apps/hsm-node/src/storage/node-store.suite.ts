import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { utf8, type Bytes } from '@strongroom/protocol';
import type { NodeStore, StoreWrite } from './node-store.js';

const put = (table: string, key: string, value: string): StoreWrite => ({ table, key: utf8(key), value: utf8(value) });
const gone = (table: string, key: string): StoreWrite => ({ table, key: utf8(key), value: null });
const text = (value: Bytes | null): string | null => (value === null ? null : new TextDecoder().decode(value));

/** What every NodeStore does, real or fake. */
export function behavesAsNodeStore(open: () => Promise<NodeStore>): void {
  describe('any store of a node', () => {
    let store: NodeStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    it('gives back what was committed, and null for what was not', async () => {
      await store.commit([put('a', 'k', 'v')]);
      expect(text(store.get('a', utf8('k')))).toBe('v');
      expect(store.get('a', utf8('other'))).toBeNull();
      expect(store.get('b', utf8('k'))).toBeNull();
    });

    it('keeps an empty value apart from no value', async () => {
      await store.commit([put('a', 'k', '')]);
      expect(store.get('a', utf8('k'))).toEqual(new Uint8Array(0));
    });

    it('gives out plain arrays that the caller may wipe', async () => {
      await store.commit([put('a', 'k', 'v')]);
      const value = store.get('a', utf8('k'));
      expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype);
      value?.fill(0);
      expect(text(store.get('a', utf8('k')))).toBe('v');
    });

    it('takes what the arrays held when they were handed over', async () => {
      const key = utf8('k');
      const value = utf8('v');
      const done = store.commit([{ table: 'a', key, value }]);
      key.fill(0);
      value.fill(0);
      await done;
      expect(text(store.get('a', utf8('k')))).toBe('v');
    });

    it('applies the writes of a commit in order', async () => {
      await store.commit([put('a', 'k', '1'), gone('a', 'k'), put('a', 'k', '2'), put('a', 'x', '1'), gone('a', 'x')]);
      expect(text(store.get('a', utf8('k')))).toBe('2');
      expect(store.get('a', utf8('x'))).toBeNull();
    });

    it('applies commits of one turn in the order they were made', async () => {
      await Promise.all([store.commit([put('a', 'k', '1')]), store.commit([put('a', 'k', '2')]), store.commit([gone('a', 'never')])]);
      expect(text(store.get('a', utf8('k')))).toBe('2');
    });

    it('shows nothing of a commit before it is durable', async () => {
      const done = store.commit([put('a', 'k', 'v')]);
      expect(store.get('a', utf8('k'))).toBeNull();
      await done;
    });

    it('refuses a commit as a whole when one write is not valid', async () => {
      const tooLong = new Uint8Array(1025);
      await expect(store.commit([put('a', 'k', 'v'), { table: 'a', key: tooLong, value: null }])).rejects.toThrow(RangeError);
      await expect(store.commit([put('a', 'k', 'v'), put('A table', 'k', 'v')])).rejects.toThrow(RangeError);
      await expect(store.commit([put('a', 'k', 'v'), put('a', '', 'v')])).rejects.toThrow(RangeError);
      await expect(
        store.commit([put('a', 'k', 'v'), { table: 'a', key: utf8('l'), value: new Uint8Array((1 << 20) + 1) }]),
      ).rejects.toThrow(RangeError);
      expect(store.get('a', utf8('k'))).toBeNull();
    });

    it('scans every row of one table once, resuming behind the last key even when it is gone', async () => {
      const keys = Array.from({ length: 50 }, (_, i) => `key ${i}`);
      await store.commit([...keys.map((key) => put('a', key, `${key}!`)), put('ab', 'elsewhere', ''), put('b', 'elsewhere', '')]);
      const seen: string[] = [];
      let after: Bytes | undefined;
      for (;;) {
        const rows = store.scan('a', after === undefined ? { limit: 7 } : { after, limit: 7 });
        for (const { key, value } of rows) expect(text(value)).toBe(`${text(key)}!`);
        seen.push(...rows.map(({ key }) => text(key) ?? ''));
        after = rows.at(-1)?.key;
        if (rows.length < 7 || after === undefined) break;
        await store.commit([{ table: 'a', key: after, value: null }]);
      }
      expect(seen.toSorted()).toEqual(keys.toSorted());
    });
  });
}
