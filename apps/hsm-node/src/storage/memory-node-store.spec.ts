import { describe, expect, it } from '@jest/globals';
import { utf8 } from '@strongroom/protocol';
import { MemoryNodeStore } from './memory-node-store.js';
import { behavesAsNodeStore } from './node-store.suite.js';

const row = { table: 'a', key: utf8('k'), value: utf8('v') };

describe('the store in memory', () => {
  behavesAsNodeStore(() => Promise.resolve(new MemoryNodeStore()));

  it('rejects as many commits as it is told to and changes nothing', async () => {
    const store = new MemoryNodeStore();
    store.failCommits(1);
    await expect(store.commit([row])).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(store.get('a', row.key)).toBeNull();
    await store.commit([row]);
    expect(store.get('a', row.key)).toEqual(row.value);
  });

  it('loses commits under way when it restarts, and nothing else', async () => {
    const store = new MemoryNodeStore();
    await store.commit([row]);
    const late = store.commit([{ ...row, value: utf8('late') }]);
    store.restart();
    await expect(late).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(store.get('a', row.key)).toEqual(row.value);
  });

  it('goes back to a snapshot', async () => {
    const store = new MemoryNodeStore();
    const empty = store.snapshot();
    await store.commit([row]);
    store.restore(empty);
    expect(store.get('a', row.key)).toBeNull();
  });
});
