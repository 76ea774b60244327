import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatTrustRoot } from '@strongroom/transparency';
import { exampleTrustRoot, loggedTrustRoot } from '@strongroom/transparency/example';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './load-config.js';
import { readTrustRoot } from './read-trust-root.js';

describe('the trust root of a service', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strongroom-trust-'));
    await writeFile(file('logged'), formatTrustRoot(loggedTrustRoot));
    await writeFile(file('bare'), formatTrustRoot(exampleTrustRoot));
    await writeFile(file('junk'), '{}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['production', 'development', 'test'] as const)('is taken with its log in %s', async (NODE_ENV) => {
    expect(formatTrustRoot(await readTrustRoot({ TRUST_ROOT: file('logged'), NODE_ENV }))).toBe(formatTrustRoot(loggedTrustRoot));
  });

  it('is taken without a log in a trial, and refused in production', async () => {
    expect((await readTrustRoot({ TRUST_ROOT: file('bare'), NODE_ENV: 'development' })).log).toBeUndefined();
    await expect(readTrustRoot({ TRUST_ROOT: file('bare'), NODE_ENV: 'production' })).rejects.toBeInstanceOf(ConfigError);
  });

  it.each(['junk', 'missing'])('is refused when its file is %s', async (name) => {
    const reading = readTrustRoot({ TRUST_ROOT: file(name), NODE_ENV: 'development' });
    await expect(reading).rejects.toBeInstanceOf(ConfigError);
    await expect(reading).rejects.toThrow('TRUST_ROOT');
  });
});
