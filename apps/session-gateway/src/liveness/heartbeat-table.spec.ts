import { describe, expect, it } from '@jest/globals';
import { HeartbeatTable, LIVE_FOR_MS } from './heartbeat-table.js';

const beat = { node: 2, incarnation: 1, sequence: 10, ready: true };

function tableWith(...beats: readonly { readonly at: number; readonly change?: object }[]): HeartbeatTable {
  const table = new HeartbeatTable(5);
  for (const { at, change } of beats) table.hear({ ...beat, ...change }, at);
  return table;
}

describe('a node', () => {
  it('is live for a second after its heartbeat and no longer', () => {
    const table = tableWith({ at: 5_000 });
    expect(table.isLive(2, 5_000 + LIVE_FOR_MS)).toBe(true);
    expect(table.isLive(2, 5_001 + LIVE_FOR_MS)).toBe(false);
    expect(table.isLive(1, 5_000)).toBe(false);
  });

  it('is not live before its rejoin is complete', () => {
    expect(tableWith({ at: 0, change: { ready: false } }).isLive(2, 0)).toBe(false);
  });

  it('is not kept alive by a heartbeat that comes twice or late', () => {
    const table = tableWith({ at: 0 }, { at: 900 }, { at: 900, change: { sequence: 9 } });
    expect(table.isLive(2, 1_100)).toBe(false);
  });

  it('starts counting again in a new incarnation', () => {
    const table = tableWith({ at: 0 }, { at: 900, change: { incarnation: 2, sequence: 1 } });
    expect(table.isLive(2, 1_100)).toBe(true);
  });

  it('is not silenced for good by a forged heartbeat from far ahead', () => {
    const forged = { at: 0, change: { sequence: 1_000_000_000, incarnation: 0xffffffff, ready: false } };
    expect(tableWith(forged, { at: 900 }).isLive(2, 900)).toBe(false);
    expect(tableWith(forged, { at: 900 }, { at: LIVE_FOR_MS + 1, change: { sequence: 11 } }).isLive(2, LIVE_FOR_MS + 1)).toBe(true);
  });

  it('does not stay live when the clock is set back', () => {
    expect(tableWith({ at: 5_000 }).isLive(2, 4_000)).toBe(false);
  });

  it('counts only in the epoch that the bundle shows', () => {
    const table = new HeartbeatTable(5, 2);
    table.hear({ ...beat, epoch: 1 }, 0);
    expect(table.count(0)).toBe(0);
    table.hear({ ...beat, epoch: 2 }, 0);
    expect(table.count(0)).toBe(1);
  });

  it('tells how many shares live nodes still lack, once all of them know', () => {
    const table = tableWith({ at: 0, change: { missingShares: 4 } }, { at: 900, change: { node: 3, missingShares: 2 } });
    expect(table.missingShares(950)).toBe(6);
    expect(table.missingShares(1_500)).toBe(2);
    table.hear({ ...beat, node: 1 }, 1_500);
    expect(table.missingShares(1_500)).toBeNull();
    table.hear({ ...beat, node: 1, sequence: 99, missingShares: 0 }, 1_600);
    expect(table.missingShares(1_600)).toBe(2);
    expect(table.missingShares(9_000)).toBeNull();
  });

  it('tells how many versions the slowest live node still counts as stale, once all of them know', () => {
    const table = tableWith({ at: 0, change: { staleShares: 4 } }, { at: 0, change: { node: 3, staleShares: 7 } });
    expect(table.staleShares(0)).toBe(7);
    table.hear({ ...beat, node: 1 }, 900);
    expect(table.staleShares(900)).toBeNull();
    table.hear({ ...beat, node: 1, sequence: 99, staleShares: 0 }, 1_500);
    expect(table.staleShares(1_500)).toBe(0);
    expect(table.staleShares(9_000)).toBeNull();
  });

  it('counts only when it belongs to the fleet', () => {
    const table = tableWith({ at: 0 }, { at: 0, change: { node: 6 } });
    expect(table.isLive(6, 0)).toBe(false);
    expect(table.count(0)).toBe(1);
  });
});
