import { describe, expect, it } from '@jest/globals';
import type { AccountStatement, FleetRoster } from '@strongroom/protocol';
import {
  attemptsLeftOf,
  isProvenEmpty,
  isProvenLocked,
  nextVersion,
  prevailing,
  recoverableVersions,
  type AccountView,
} from './account-view.js';

const roster: FleetRoster = { fleetId: 'eu-1', epoch: 1, n: 5, t: 3, q: 3, attempts: 10, members: [] };

function said(node: number, changes: Partial<AccountStatement>): AccountStatement {
  const head = { fleetId: 'eu-1', epoch: 1, node, incarnations: [1, 1, 1, 1, 1] };
  const stamps = { lastOk: 0, pendingAtMs: 0, retryAtMs: 0 };
  const hashes = { uid: new Uint8Array(32), recordHash: new Uint8Array(32), nonce: new Uint8Array(32) };
  return { ...head, ...stamps, ...hashes, index: 1, ver: 1, activeVer: 1, status: 'active', spent: 0, attempts: 10, ...changes };
}

function view(...changes: readonly Partial<AccountStatement>[]): AccountView {
  return { roster, statements: changes.map((change, i) => said(i + 1, change)) };
}

describe('what the nodes say of an account', () => {
  it('proves a lock only when q nodes say it together', () => {
    const locked = { status: 'locked' } as const;
    expect(isProvenLocked(view(locked, locked, {}, {}))).toBe(false);
    expect(isProvenLocked(view(locked, locked, {}, {}, locked))).toBe(true);
    const fenced = { ...locked, incarnations: [1, 2, 1, 1, 1] };
    expect(isProvenLocked(view(fenced, locked, locked))).toBe(false);
  });

  it('proves that there is nothing only when q nodes say it together', () => {
    const none = { status: 'none', activeVer: 0 } as const;
    expect(isProvenEmpty(view(none, none, {}))).toBe(false);
    expect(isProvenEmpty(view(none, {}, none, none))).toBe(true);
  });

  it('gives the versions to try, the newest knowledge first, each once', () => {
    const versions = view(
      { activeVer: 1 },
      { activeVer: 3, index: 9 },
      { activeVer: 0, index: 4 },
      { activeVer: 1 },
      { activeVer: 2, index: 5 },
    );
    expect(recoverableVersions(versions)).toEqual([3, 2, 1]);
  });

  it.each([
    [[1, 1, 1], 2],
    [[3, 4, 4], 5],
    [[0, 0, 0], 1],
    [[7, 4, 4], 8],
    [[4, 0xffffffff, 4], 21],
  ])('after versions %j comes %i', (versions, next) => {
    expect(nextVersion(view(...versions.map((ver) => ({ ver }))))).toBe(next);
  });

  it('takes the middle count of q nodes, whatever one of them claims', () => {
    for (const spent of [0, 10, 65_535]) expect(attemptsLeftOf(view({ spent: 4 }, { spent }, { spent: 4 }))).toBe(6);
  });

  it('follows the many, and among equals the one that has seen more', () => {
    expect(prevailing(view({ status: 'locked', index: 99 }, {}, {})).status).toBe('active');
    expect(prevailing(view({ status: 'locked', index: 2 }, { index: 1 })).status).toBe('locked');
  });
});
