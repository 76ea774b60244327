import { describe, expect, it } from '@jest/globals';
import { HealthChecks } from './health-checks.js';

describe('health', () => {
  it('is ok while every check passes', async () => {
    const checks = new HealthChecks();
    checks.add('nats', () => true);
    checks.add('postgres', async () => true);
    expect(await checks.report()).toEqual({ status: 'ok', checks: { nats: 'ok', postgres: 'ok' } });
  });

  it.each([
    ['says no', () => false],
    [
      'throws',
      () => {
        throw new Error('hunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('hunter2'))],
    ['never answers', () => new Promise<boolean>(() => undefined)],
  ])('is failing when one %s, without a reason', async (_, check) => {
    const checks = new HealthChecks();
    checks.add('nats', () => true);
    checks.add('disk', check);
    expect(await checks.report()).toEqual({ status: 'failing', checks: { nats: 'ok', disk: 'failing' } });
  });
});
