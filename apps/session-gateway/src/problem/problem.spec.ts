import { describe, expect, it } from '@jest/globals';
import { problemDetails } from '@strongroom/contracts';
import { ERROR_CODES, VaultError } from '@strongroom/protocol';
import { errorOfHttp } from './error-of-http.js';
import { problemOf } from './problem.js';

describe('problem details', () => {
  it.each(ERROR_CODES)('of %s fit the contract', (code) => {
    const problem = problemOf(new VaultError(code, 'why', { field: 'x' }), 'r-1', 0);
    expect(problemDetails.parse(problem.body)).toMatchObject({
      code,
      status: problem.status,
      type: `urn:strongroom:error:${code}`,
      field: 'x',
    });
    expect(problem.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  });

  it('show the metadata of PROTOCOL 9 and no other', () => {
    const metadata = { field: 'f', attemptsLeft: 3, retryAtMs: 5, check: 'c', node: 2, subject: 'strongroom.rpc', errorId: 'e' };
    const { body } = problemOf(new VaultError('RATE_LIMITED', '', metadata), 'r-1', 0);
    expect(body).toMatchObject({ field: 'f', attemptsLeft: 3, retryAtMs: 5, check: 'c', node: 2 });
    expect(body).not.toHaveProperty('subject');
    expect(body).not.toHaveProperty('errorId');
  });

  it('say nothing of what broke inside', () => {
    const { body } = problemOf(new VaultError('INTERNAL', 'secret path', {}, { cause: new Error('secret cause') }), 'r-1', 0);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each([
    [1_000, 0, '1'],
    [1_001, 0, '2'],
    [1_000, 5_000, '1'],
  ])('ask to come back at %d ms, said at %d ms, in %s s', (retryAtMs, nowMs, seconds) => {
    expect(problemOf(new VaultError('RATE_LIMITED', '', { retryAtMs }), 'r-1', nowMs).headers['retry-after']).toBe(seconds);
  });
});

describe('an error of the framework', () => {
  it.each([
    [403, 'NOT_FOUND', undefined],
    [404, 'NOT_FOUND', undefined],
    [413, 'REQUEST_INVALID', 413],
    [415, 'REQUEST_INVALID', 415],
    [400, 'REQUEST_INVALID', undefined],
    [503, 'FLEET_UNAVAILABLE', undefined],
    [500, 'INTERNAL', undefined],
    [418, 'INTERNAL', undefined],
  ])('of status %d is %s', (statusCode, code, status) => {
    for (const thrown of [
      { statusCode, message: 'hunter2' },
      { getStatus: () => statusCode, message: 'hunter2' },
    ]) {
      const { error, status: shown } = errorOfHttp(thrown);
      expect([error.code, shown]).toEqual([code, status]);
      expect(error.message).not.toContain('hunter2');
    }
  });

  it.each([undefined, null, 'text', 7, new Error('x')])('that nobody knows is INTERNAL: %p', (thrown) => {
    expect(errorOfHttp(thrown).error.code).toBe('INTERNAL');
  });
});
