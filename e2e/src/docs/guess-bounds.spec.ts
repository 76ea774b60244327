import { describe, expect, it } from '@jest/globals';
import { guessBound } from '@strongroom/protocol';
import { PROFILES } from '@strongroom/stack';
import { z } from 'zod';
import { matches, readDocument } from './document.js';

const HEADING = 'How many guesses, if nodes are corrupt';
const section = readDocument('docs/SECURITY.md').text.split(`\n## ${HEADING}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = matches(section, /^\| (.*) \|$/gm).map((row) => row.split(' | '));
const [head = [], ...body] = rows;

/** The parameters that a column names in its head, as in `hardened (n=7, t=4, q=5)`. */
const columns = head.slice(1).map((text) => {
  const [, profile, n, t, q] = /^(\w+) \(n=(\d+), t=(\d+), q=(\d+)\)$/.exec(text) ?? [];
  return { profile: z.enum(['standard', 'hardened']).parse(profile), n: Number(n), t: Number(t), q: Number(q) };
});

/** Every b of 0 to 7 with the cells of its row; the last row is for all above as well. */
const stated = body.flatMap(([first = '', ...cells]) => {
  const [, b, onwards] = /^(\d+)( and more)?$/.exec(first) ?? [];
  const last = onwards === undefined ? Number(b) : Math.max(...columns.map(({ n }) => n));
  return Array.from({ length: last - Number(b) + 1 }, (_, i) => ({ b: Number(b) + i, cells }));
});

describe('the guesses that SECURITY states', () => {
  it('are for the profiles as they are deployed', () => {
    expect(columns.length).toBe(2);
    for (const { profile, n, t, q } of columns) expect(PROFILES[profile]).toMatchObject({ n, t, q });
  });

  it('are for every b, each once', () => {
    expect(stated.map(({ b }) => b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('are those that the function computes', () => {
    for (const { b, cells } of stated) {
      const computed = columns.map(({ profile, n }) => (b > n ? null : guessBound(PROFILES[profile], b)));
      expect([b, ...cells]).toEqual([b, ...computed.map((bound) => (bound === null ? 'no limit' : `${bound}`))]);
    }
  });
});
