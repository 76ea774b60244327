import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findQuorum, incarnationsAgree } from './quorum.js';
import type { StatementHead } from './statement-head.js';

const said = (node: number, ...incarnations: number[]): { head: StatementHead } => ({
  head: { fleetId: 'eu-1', epoch: 1, node, incarnations },
});
const nodesOf = (quorum: readonly { head: StatementHead }[] | null) => quorum?.map(({ head }) => head.node) ?? null;

describe('a set of statements', () => {
  it('counts when nobody knows a later incarnation of a member', () => {
    expect(incarnationsAgree([said(1, 1, 1, 1).head, said(2, 1, 1, 1).head])).toBe(true);
    expect(incarnationsAgree([said(1, 2, 1, 1).head, said(2, 1, 1, 1).head])).toBe(true);
  });

  it('does not count when one member knows a later incarnation of another', () => {
    expect(incarnationsAgree([said(1, 1, 1, 1).head, said(2, 2, 1, 1).head])).toBe(false);
    expect(incarnationsAgree([said(2, 2, 1, 1).head, said(1, 1, 1, 1).head])).toBe(false);
  });

  it('counts whatever its members say of nodes outside of it', () => {
    expect(incarnationsAgree([said(1, 1, 1, 9).head, said(2, 1, 1, 1).head])).toBe(true);
  });
});

describe('findQuorum', () => {
  it('finds nothing below q', () => {
    expect(findQuorum([said(1, 1, 1, 1), said(2, 1, 1, 1)], 3)).toBeNull();
  });

  it('counts a node once, however often it spoke', () => {
    expect(findQuorum([said(1, 1, 1, 1), said(1, 1, 1, 1), said(2, 1, 1, 1)], 3)).toBeNull();
  });

  it('takes the latest incarnation of a node that spoke under two', () => {
    const found = findQuorum([said(1, 1, 1, 1), said(1, 2, 1, 1), said(2, 2, 1, 1)], 2);
    expect(found?.map(({ head }) => head.incarnations[0])).toEqual([2, 2]);
  });

  it('leaves a fenced member out when enough others remain', () => {
    expect(nodesOf(findQuorum([said(1, 1, 1, 1, 1), said(2, 2, 1, 1, 1), said(3, 2, 1, 1, 1), said(4, 2, 1, 1, 1)], 3))).toEqual([2, 3, 4]);
  });

  it('takes the fenced member with those who have not heard', () => {
    expect(nodesOf(findQuorum([said(1, 1, 1, 1, 1), said(2, 2, 1, 1, 1), said(3, 1, 1, 1, 1), said(4, 1, 1, 1, 1)], 3))).toEqual([1, 3, 4]);
  });

  it('finds a quorum exactly when some q of the statements agree, in any order', () => {
    const n = 5;
    const heads = fc.tuple(
      ...Array.from({ length: n }, (_, i) =>
        fc.array(fc.integer({ min: 1, max: 2 }), { minLength: n, maxLength: n }).map((own) => said(i + 1, ...own)),
      ),
    );
    const property = fc.property(heads, fc.integer({ min: 1, max: n }), (members, q) => {
      const subsets = Array.from({ length: 1 << n }, (_, mask) => members.filter((_member, i) => (mask >> i) & 1));
      const exists = subsets.some((subset) => subset.length === q && incarnationsAgree(subset.map(({ head }) => head)));
      for (const order of [members, [...members].reverse()]) {
        const found = findQuorum(order, q);
        expect(found !== null).toBe(exists);
        if (found !== null) expect(incarnationsAgree(found.map(({ head }) => head)) && found.length === q).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
