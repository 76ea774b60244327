import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepParameters, parametersFor } from './kept-parameters.js';
import { PROFILES } from './profile.js';
import { startStack } from './start-stack.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stack-parameters-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the parameters of a data folder', () => {
  it('are standard the first time unless others are asked for', () => {
    expect(parametersFor(dir, undefined)).toEqual(PROFILES.standard);
    expect(parametersFor(dir, 'hardened')).toEqual(PROFILES.hardened);
  });

  it('stay what its fleet was started with', () => {
    keepParameters(dir, PROFILES.hardened);
    expect(parametersFor(dir, undefined)).toEqual(PROFILES.hardened);
    expect(parametersFor(dir, 'hardened')).toEqual(PROFILES.hardened);
    expect(() => parametersFor(dir, 'standard')).toThrow(expect.objectContaining({ code: 'CONFLICT', metadata: { field: 'profile' } }));
  });

  it('are refused before anything is started when they break a rule', async () => {
    const steps: string[] = [];
    const broken = { ...PROFILES.standard, t: 2 };
    const starting = startStack({ dataDir: dir, hostEnv: {}, profile: broken, progress: (line) => void steps.push(line) });
    await expect(starting).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'parameters' } });
    expect(steps).toEqual([]);
  });
});
