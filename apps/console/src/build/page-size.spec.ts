import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { builtPage } from '../judge/vectors.fixture.js';

/** Measured 166 KiB and 59 KiB when the page was made; what is over this has to be argued for. */
const BUDGET = { bytes: 184 * 1024, gzipped: 66 * 1024 };
const html = readFileSync(builtPage(), 'utf8');

/** Text between the only such pair of tags. */
function inside(open: string, close: string): string {
  const parts = html.split(open);
  expect(parts.length).toBe(2);
  return parts[1]?.split(close)[0] ?? '';
}

describe('the audit page', () => {
  it('is one small file', () => {
    expect(html.length).toBeLessThan(BUDGET.bytes);
    expect(gzipSync(html, { level: 9 }).length).toBeLessThan(BUDGET.gzipped);
  });

  it('loads nothing, from nowhere', () => {
    expect(inside('<script type="module">', '</script>')).not.toMatch(/\bimport\s*\(|^\s*import\b/m);
    expect(inside('<style>', '</style>')).not.toMatch(/@import|url\(/);
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
  });

  it('allows by its policy what is in it and nothing else', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = inside('http-equiv="Content-Security-Policy" content="', '"');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(inside('<script type="module">', '</script>'))}`,
      `style-src ${hash(inside('<style>', '</style>'))}`,
      'connect-src http: https:',
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });
});
