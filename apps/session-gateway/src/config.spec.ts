import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const least = { NATS_URL: 'nats://127.0.0.1:4222', TRUST_ROOT: 'trust-root.json', TOKEN_ISSUERS: 'development' };

describe('the configuration', () => {
  it('needs a bus, a trust root and issuers; the rest has defaults', () => {
    expect(readConfig(least)).toMatchObject({
      PORT: 8480,
      HOST: '127.0.0.1',
      RATE_LIMIT_ACCOUNT_PER_MINUTE: 30,
      RATE_LIMIT_ADDRESS_PER_MINUTE: 300,
      HEDGE_DELAY_MS: 60,
      TRUST_PROXY: false,
      CORS_ORIGINS: [],
    });
  });

  it('reads limits, proxies and origins', () => {
    const config = readConfig({
      ...least,
      RATE_LIMIT_ACCOUNT_PER_MINUTE: 'off',
      TRUST_PROXY: '10.0.0.0/8,::1',
      CORS_ORIGINS: 'https://a.example, http://127.0.0.1:3000',
    });
    expect(config.RATE_LIMIT_ACCOUNT_PER_MINUTE).toBeNull();
    expect(config.TRUST_PROXY).toBe('10.0.0.0/8,::1');
    expect(config.CORS_ORIGINS).toEqual(['https://a.example', 'http://127.0.0.1:3000']);
  });

  it('takes a webhook with its secret, in production over TLS alone', () => {
    const webhook = { ...least, WEBHOOK_URL: 'http://app.example/hook', WEBHOOK_SECRET_FILE: 'webhook-secret' };
    expect(readConfig(webhook).WEBHOOK_URL).toBe('http://app.example/hook');
    const { WEBHOOK_SECRET_FILE: _file, ...withoutSecret } = webhook;
    expect(() => readConfig(withoutSecret)).toThrow(/WEBHOOK_SECRET_FILE/);
    expect(() => readConfig({ ...webhook, NODE_ENV: 'production' })).toThrow(/WEBHOOK_URL/);
  });

  it.each([
    ['NATS_URL', 'http://x'],
    ['NATS_URL', ''],
    ['TRUST_ROOT', ''],
    ['TOKEN_ISSUERS', 'none'],
    ['PORT', '65536'],
    ['RATE_LIMIT_ACCOUNT_PER_MINUTE', '0'],
    ['RATE_LIMIT_ADDRESS_PER_MINUTE', 'many'],
    ['HEDGE_DELAY_MS', '0'],
    ['TRUST_PROXY', 'true'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'prod'],
    ['WEBHOOK_URL', 'ftp://app.example'],
    ['WEBHOOK_SECRET_FILE', 'a-secret-without-an-address'],
  ])('stops the boot on %s=%s', (name, value) => {
    expect(() => readConfig({ ...least, [name]: value })).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining(name) }),
    );
  });
});
