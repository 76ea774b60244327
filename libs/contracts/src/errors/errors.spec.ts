import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, VaultError } from '@strongroom/protocol';
import { ERROR_TABLE, fromWireError, toWireError, wireError } from './index.js';

describe('the error table', () => {
  it('has one row for every code', () => {
    expect(Object.keys(ERROR_TABLE).sort()).toEqual([...ERROR_CODES].sort());
  });
});

describe('an error on the wire', () => {
  it('keeps code, message and metadata, and nothing else', () => {
    const error = new VaultError('RATE_LIMITED', 'later', { retryAtMs: 5 }, { cause: new Error('secret') });
    const wire = wireError.parse(JSON.parse(JSON.stringify(toWireError(error))));
    expect(wire).toEqual({ code: 'RATE_LIMITED', message: 'later', metadata: { retryAtMs: 5 } });
    expect(fromWireError(wire)).toMatchObject({ code: 'RATE_LIMITED', message: 'later', metadata: { retryAtMs: 5 } });
  });

  it('cuts a message that is too long to be accepted', () => {
    expect(wireError.safeParse(toWireError(new VaultError('INTERNAL', 'x'.repeat(10_000)))).success).toBe(true);
  });

  it('refuses a code that is not in the table', () => {
    expect(wireError.safeParse({ code: 'OOPS', message: '', metadata: {} }).success).toBe(false);
  });
});
