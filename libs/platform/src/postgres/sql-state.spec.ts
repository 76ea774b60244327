import { describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import { QueryFailedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { isAway, isContention, sqlState, withMeaning } from './sql-state.js';

function failed(code: string): QueryFailedError {
  return new QueryFailedError('SELECT 1', [], Object.assign(new Error('failed'), { code }));
}

describe('a failed query', () => {
  it.each([
    ['40001', true],
    ['40P01', true],
    ['23505', false],
    ['08006', false],
  ])('with %s is contention: %p', (code, expected) => {
    expect(sqlState(failed(code))).toBe(code);
    expect(isContention(failed(code))).toBe(expected);
  });

  it.each([
    ['08006', true],
    ['57P01', true],
    ['ECONNREFUSED', true],
    ['ECONNRESET', true],
    ['23505', false],
    ['42P01', false],
  ])('with %s means an absent database: %p', (code, expected) => {
    expect(isAway(failed(code))).toBe(expected);
    expect(withMeaning(failed(code)) instanceof VaultError).toBe(expected);
  });

  it('is an absent database when the connection ended in between', () => {
    expect(isAway(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isAway(new QueryRunnerProviderAlreadyReleasedError())).toBe(true);
    expect(isAway(undefined)).toBe(false);
  });
});
