import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const story = fileURLToPath(new URL('../planted/search.js', import.meta.url));

/** What the search prints for a bug, shrunk. */
function shrunk(bug: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [story, bug, '10', '--story'], { maxBuffer: 1 << 24 }, (error, out) =>
      error === null ? resolve(out) : reject(error),
    );
  });
}

describe('a failing seed', () => {
  it('becomes a short story in plain words', async () => {
    const out = await shrunk('loses what it accepted');
    const [, before = '0', after = '0'] = /shrunk from (\d+) steps to (\d+)/.exec(out) ?? [];
    expect(Number(after)).toBeLessThanOrEqual(2);
    expect(Number(before)).toBeGreaterThan(10);
    expect(out).toContain('then 4.2 does not hold');
    expect(out).toContain('account A registers a new code');
  });
});
