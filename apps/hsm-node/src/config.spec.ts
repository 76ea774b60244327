import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@strongroom/platform';
import { readConfig } from './config.js';

const env = { NATS_URL: 'nats://127.0.0.1:4222', TRUST_ROOT: 'trust-root.json', DATA_DIR: 'data', TOKEN_ISSUERS: 'development' };

describe('the configuration of a node', () => {
  it('has the rules of the protocol unless told otherwise', () => {
    expect(readConfig(env)).toMatchObject({
      ATTEMPT_DELAYS: [60_000, 300_000, 900_000, 3_600_000, 14_400_000],
      ERASE_DEADLINE_MS: 600_000,
      COOL_DOWN_MS: 86_400_000,
      ANTI_ENTROPY_INTERVAL_MS: 60_000,
      ANTI_ENTROPY_ACCOUNTS: 64,
      ALLOW_BENCH_SUITE: false,
    });
  });

  it.each([
    ['off', []],
    ['5', [5_000]],
    ['1,1,2', [1_000, 1_000, 2_000]],
  ])('reads the delays %j', (text, delays) => {
    expect(readConfig({ ...env, ATTEMPT_DELAYS: text }).ATTEMPT_DELAYS).toEqual(delays);
  });

  it.each([
    ['ATTEMPT_DELAYS', 'never'],
    ['ATTEMPT_DELAYS', '5,3'],
    ['ATTEMPT_DELAYS', '0'],
    ['ATTEMPT_DELAYS', '1.5'],
    ['ATTEMPT_DELAYS', '90000'],
    ['ERASE_DEADLINE_MS', '-1'],
    ['COOL_DOWN_MS', 'soon'],
    ['ANTI_ENTROPY_INTERVAL_MS', '99'],
    ['ANTI_ENTROPY_ACCOUNTS', '0'],
    ['ANTI_ENTROPY_ACCOUNTS', '257'],
    ['ALLOW_BENCH_SUITE', 'yes'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig({ ...env, [name]: value })).toThrow(ConfigError);
  });

  it('refuses the bench suite in production', () => {
    expect(() => readConfig({ ...env, NODE_ENV: 'production', ALLOW_BENCH_SUITE: 'true' })).toThrow(/ALLOW_BENCH_SUITE/);
    expect(readConfig({ ...env, ALLOW_BENCH_SUITE: 'true' }).ALLOW_BENCH_SUITE).toBe(true);
  });
});
