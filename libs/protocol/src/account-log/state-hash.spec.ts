import { describe, expect, it } from '@jest/globals';
import { toHex } from '../encoding/bytes.js';
import type { AccountState } from './account-state.js';
import { stateHash } from './state-hash.js';

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const living = { ver: 1, recordHash: bytes(1), generation: 0, confirmKey: bytes(2), ownerKey: bytes(3) };
const change = { index: 2, stampMs: 5, ver: 2, version: { ...living, ver: 2 } };
const attempt = { index: 3, kind: 'attempt', id: bytes(4), ver: 1, stampMs: 6, confirmKey: bytes(2) } as const;
const state: AccountState = { index: 3, ver: 2, active: living, pending: change, budgetFrom: 1, freshBudgetAtMs: 4, marks: [attempt] };

describe('the hash of a state', () => {
  it('is the same for the same state, in whatever order its members were made', () => {
    const { marks, pending, ...rest } = state;
    expect(toHex(stateHash({ marks, pending, ...rest }))).toBe(toHex(stateHash(state)));
    expect(stateHash(state)).toHaveLength(32);
  });

  it.each<[string, Partial<AccountState>]>([
    ['the index', { index: 4 }],
    ['the highest version', { ver: 3 }],
    ['the version that is active', { active: { ...living, recordHash: bytes(9) } }],
    ['its generation', { active: { ...living, generation: 2 } }],
    ['its confirm key', { active: { ...living, confirmKey: bytes(9) } }],
    ['its owner key', { active: { ...living, ownerKey: bytes(9) } }],
    ['whether any is active', { active: null }],
    ['what is pending', { pending: { ...change, version: null } }],
    ['since when', { pending: { ...change, stampMs: 6 } }],
    ['whether anything is', { pending: null }],
    ['where the budget begins', { budgetFrom: 2 }],
    ['when a fresh one was given', { freshBudgetAtMs: 5 }],
    ['what was decided', { marks: [{ ...attempt, id: bytes(9) }] }],
    ['of which kind', { marks: [{ ...attempt, kind: 'cancel' }] }],
    ['with which confirm key', { marks: [{ ...attempt, confirmKey: null }] }],
    ['how much of it', { marks: [] }],
  ])('tells %s', (_what, changed) => {
    expect(toHex(stateHash({ ...state, ...changed }))).not.toBe(toHex(stateHash(state)));
  });

  it('is fixed: nodes of two releases compare it', () => {
    expect(toHex(stateHash(state))).toBe('2b95badd18d442978c5d31d225c4a49526762b63e7aa136a581c062b0f7de487');
  });
});
