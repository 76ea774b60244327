import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, loadConfig } from './load-config.js';
import { variables } from './variables.js';

const { NODE_ENV, NATS_URL, DATABASE_URL, HEALTH_PORT, TOKEN_ISSUERS } = variables;
const schema = z.object({ NODE_ENV, NATS_URL, DATABASE_URL, HEALTH_PORT, TOKEN_ISSUERS });
const env = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'postgres://u:hunter2@h/db', TOKEN_ISSUERS: 'development' };

describe('loadConfig', () => {
  it('takes what is set and ignores other variables', () => {
    const config = loadConfig(schema, { ...env, HEALTH_PORT: '8080', PATH: '/bin' });
    expect(config).toMatchObject({ NATS_URL: 'nats://127.0.0.1:4222', HEALTH_PORT: 8080, NODE_ENV: 'development' });
    expect(config.DATABASE_URL.reveal()).toBe(env.DATABASE_URL);
    expect(JSON.stringify(config)).not.toContain('hunter2');
  });

  it('takes an empty variable as unset', () => {
    expect(loadConfig(schema, { ...env, HEALTH_PORT: '' }).HEALTH_PORT).toBe(0);
    expect(() => loadConfig(schema, { ...env, NATS_URL: '' })).toThrow(ConfigError);
  });

  it('lists every wrong variable at once and shows no value', () => {
    const wrong = {
      NATS_URL: 'hunter2',
      DATABASE_URL: 'mysql://hunter2',
      HEALTH_PORT: '99999',
      TOKEN_ISSUERS: '{"hunter2":1}',
      NODE_ENV: 'hunter2',
    };
    const message = messageOf(() => loadConfig(schema, wrong));
    for (const name of Object.keys(wrong)) expect(message).toContain(`${name}: `);
    expect(message).not.toContain('hunter2');
  });

  it('has no default for a secret', () => {
    expect(messageOf(() => loadConfig(schema, { ...env, DATABASE_URL: undefined }))).toContain('DATABASE_URL');
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
