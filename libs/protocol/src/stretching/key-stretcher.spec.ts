import { describe, expect, it } from '@jest/globals';
import { refusal } from '../vectors/refusal.js';
import { formatStretchingCost, identityStretcher, parseStretchingCost } from './key-stretcher.js';

describe('key-stretching costs', () => {
  it('reads and writes the form that the bundle uses', () => {
    expect(parseStretchingCost('argon2id:65536:3:1')).toEqual({ kind: 'argon2id', memoryKib: 65536, iterations: 3, parallelism: 1 });
    for (const text of ['argon2id:65536:3:1', 'argon2id:1048576:16:16', 'argon2id:8:1:1', 'none']) {
      expect(formatStretchingCost(parseStretchingCost(text))).toBe(text);
    }
  });

  it.each([
    '',
    'None',
    'argon2i:65536:3:1',
    'argon2id:65536:3',
    'argon2id:065536:3:1',
    'argon2id:65536:3:1 ',
    'argon2id:7:1:1',
    'argon2id:1048577:1:1',
    'argon2id:65536:17:1',
    'argon2id:65536:1:17',
    'argon2id:65536:0:1',
    'argon2id:15:1:2',
  ])('refuses %j', (text) => {
    expect(refusal(() => parseStretchingCost(text))).toBe('REQUEST_INVALID ksf');
  });

  it('has an identity that hands out a copy, so that wiping one leaves the other', async () => {
    const input = Uint8Array.of(1, 2, 3);
    const output = await identityStretcher.stretch(input);
    input.fill(0);
    expect(output).toEqual(Uint8Array.of(1, 2, 3));
  });
});
