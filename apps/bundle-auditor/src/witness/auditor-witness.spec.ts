import { describe, expect, it } from '@jest/globals';
import { SILENT_LOG } from '@strongroom/platform';
import { readConfig } from '../config.js';
import { AuditorWitness } from './auditor-witness.js';

const NEEDED = { NATS_URL: 'nats://x', DATABASE_URL: 'postgres://x', TRUST_ROOT: 't', DATA_DIR: 'd' };
const witnessOf = (env: Readonly<Record<string, string>>): Promise<AuditorWitness | undefined> =>
  AuditorWitness.from(readConfig({ ...NEEDED, ...env }), () => 0, SILENT_LOG);

describe('the auditor as a witness', () => {
  it('is none unless it is set up as one', async () => {
    expect(await witnessOf({})).toBeUndefined();
  });

  it.each([{ WITNESS_NAME: 'w' }, { WITNESS_DIR: 'd' }])('does not start with a part of the settings', async (env) => {
    await expect(witnessOf(env)).rejects.toThrow(/WITNESS_NAME/);
  });

  it.each([
    ['WITNESS_LOGS', 'no vkey'],
    ['WITNESS_URLS', 'name'],
    ['WITNESS_TIMEOUT_MS', '5'],
    ['COSIGN_REFRESH_HOURS', '0'],
    ['PUBLIC_PORT', '70000'],
  ])('refuses a wrong %s', (name, value) => {
    expect(() => readConfig({ ...NEEDED, [name]: value })).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});
