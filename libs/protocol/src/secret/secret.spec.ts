import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from './secret.js';

describe('a secret', () => {
  it('shows nothing however it is printed', () => {
    const secret = new Secret('hunter2');
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }, { showHidden: true }),
    ];
    for (const text of shown) {
      expect(text).toContain('[secret]');
      expect(text).not.toContain('hunter2');
    }
    expect(Object.keys(secret)).toEqual([]);
  });

  it('gives its value until it is wiped, and overwrites bytes in place', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const secret = new Secret(bytes);
    expect(secret.reveal()).toBe(bytes);
    secret.wipe();
    secret.wipe();
    expect([...bytes]).toEqual([0, 0, 0]);
    expect(() => secret.reveal()).toThrow('wiped');
  });

  it('overwrites only its own part of a larger buffer', () => {
    const buffer = Uint8Array.of(1, 2, 3, 4);
    new Secret(buffer.subarray(1, 3)).wipe();
    expect([...buffer]).toEqual([1, 0, 0, 4]);
  });
});
