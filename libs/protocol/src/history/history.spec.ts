import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat } from '../encoding/bytes.js';
import { ENTRY_KINDS } from '../entry/entry-core-codec.js';
import { nobleSigner } from '../keys/noble-signature.js';
import { encodeDecidedItem, type HistoryItem } from './history-item.js';
import {
  encodeHistoryPage,
  HISTORY_PAGE,
  historyPageHash,
  historyRange,
  MAX_HISTORY_PAGE_BYTES,
  parseHistoryPage,
  type HistoryPage,
} from './history-page.js';
import { encodeHistoryQuery, parseHistoryQuery } from './history-query.js';
import { encodeHistoryStatement, parseHistoryStatement } from './history-statement.js';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const items: fc.Arbitrary<HistoryItem> = fc.record({
  kind: fc.constantFrom(...ENTRY_KINDS),
  id: hash,
  ver: u32,
  bindingKey: hash,
  byOwner: fc.boolean(),
  stampMs: time,
  valueHash: hash,
  confirmKey: fc.option(hash),
  seenAtMs: time,
  confirmation: fc.option(fc.uint8Array({ minLength: 64, maxLength: 64 })),
});
const pages: fc.Arbitrary<HistoryPage> = fc.record({ first: u32, items: fc.array(items, { maxLength: HISTORY_PAGE }) });
const bindingKey = nobleSigner(new Uint8Array(32).fill(7)).publicKey;

describe('a page of an account’s history', () => {
  it('reads back what it wrote, and takes nothing else', () => {
    fc.assert(
      fc.property(pages, (page) => {
        const bytes = encodeHistoryPage(page);
        expect(parseHistoryPage(bytes)).toEqual(page);
        expect(() => parseHistoryPage(concat(bytes, Uint8Array.of(0)))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
        expect(() => parseHistoryPage(bytes.subarray(0, -1))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
      }),
      { numRuns: 30 },
    );
  });

  it('fits into its message when it is full', () => {
    const largest = (item: HistoryItem): HistoryItem => ({ ...item, confirmKey: new Uint8Array(32), confirmation: new Uint8Array(64) });
    const full = encodeHistoryPage({ first: 1, items: fc.sample(items, HISTORY_PAGE).map(largest) });
    expect(full.length).toBeGreaterThan(HISTORY_PAGE * 200);
    expect(full.length).toBeLessThanOrEqual(MAX_HISTORY_PAGE_BYTES);
  });

  it.each([
    ['a kind that is none', 5, 99, 'kind'],
    ['a flag that is neither', 5 + 1 + 32 + 4 + 32, 2, 'byOwner'],
    ['more than a page', 4, HISTORY_PAGE + 1, 'count'],
  ])('refuses %s', (_what, at, value, field) => {
    const [item] = fc.sample(items, 1);
    const bytes = encodeHistoryPage({ first: 1, items: item === undefined ? [] : [item] });
    bytes[at] = value;
    expect(() => parseHistoryPage(bytes)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field } }));
  });

  it('leaves out of the decided part what is one node’s own, and nothing else', () => {
    fc.assert(
      fc.property(items, time, (item, seenAtMs) => {
        const decided = encodeDecidedItem(item);
        const elsewhere: HistoryItem = { ...item, seenAtMs, confirmation: null };
        expect(encodeDecidedItem(elsewhere)).toEqual(decided);
        expect(encodeDecidedItem({ ...item, stampMs: item.stampMs === 0 ? 1 : 0 })).not.toEqual(decided);
        expect(encodeDecidedItem({ ...item, byOwner: !item.byOwner })).not.toEqual(decided);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['the newest of few', { index: 3, from: 1 }, 0, { first: 1, count: 3 }],
    ['the newest of many', { index: 100, from: 1 }, 0, { first: 37, count: 64 }],
    ['what comes before', { index: 100, from: 30 }, 37, { first: 30, count: 7 }],
    ['nothing before the oldest', { index: 100, from: 37 }, 37, { first: 37, count: 0 }],
    ['nothing of an empty account', { index: 0, from: 1 }, 0, { first: 1, count: 0 }],
    ['nothing where all is too old', { index: 9, from: 10 }, 0, { first: 10, count: 0 }],
    ['all below a question that is ahead of the node', { index: 2, from: 1 }, 50, { first: 1, count: 2 }],
  ])('has %s', (_what, held, before, range) => {
    expect(historyRange(held, before)).toEqual(range);
  });

  it('has a hash of its own for every page', () => {
    expect(historyPageHash(encodeHistoryPage({ first: 1, items: [] }))).not.toEqual(
      historyPageHash(encodeHistoryPage({ first: 2, items: [] })),
    );
  });
});

describe('question and answer about a history', () => {
  const query = {
    fleetId: 'eu-1',
    uid: new Uint8Array(32).fill(1),
    bindingKey,
    nonce: new Uint8Array(32).fill(2),
    askedAtMs: 5,
    before: 9,
  };
  const { uid, nonce } = query;
  const head = { fleetId: 'eu-1', epoch: 2, node: 2, incarnations: [1, 4] };
  const statement = { ...head, uid, index: 9, from: 3, before: 7, open: true, pageHash: new Uint8Array(32).fill(3), nonce };

  it('read back what they wrote', () => {
    expect(parseHistoryQuery(encodeHistoryQuery(query))).toEqual(query);
    expect(parseHistoryStatement(encodeHistoryStatement(statement))).toEqual(statement);
  });

  it('take nothing that is cut short or too long', () => {
    for (const [bytes, parse] of [
      [encodeHistoryQuery(query), parseHistoryQuery],
      [encodeHistoryStatement(statement), parseHistoryStatement],
    ] as const) {
      for (const wrong of [concat(bytes, Uint8Array.of(0)), bytes.subarray(0, -1), new Uint8Array(0)])
        expect(() => parse(wrong)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    }
  });
});
