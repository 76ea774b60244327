import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toHex } from '../encoding/bytes.js';
import { refusal } from '../vectors/refusal.js';
import { accountId } from './account-id.js';
import { parseFleetId } from './fleet-id.js';
import { oprfInput } from './oprf-input.js';

const uid = new Uint8Array(32).fill(5);
const claim = fc.string({ minLength: 1, maxLength: 20 });

describe('accountId', () => {
  it('differs for every pair of issuer and subject, however they are cut', () => {
    fc.assert(
      fc.property(claim, claim, claim, claim, (iss, sub, otherIss, otherSub) => {
        const same = iss === otherIss && sub === otherSub;
        expect(toHex(accountId(iss, sub)) === toHex(accountId(otherIss, otherSub))).toBe(same);
      }),
    );
    expect(accountId('ab', 'c')).not.toEqual(accountId('a', 'bc'));
  });

  it('refuses empty, oversized and ill-formed claims', () => {
    expect(refusal(() => accountId('', 'a'))).toBe('REQUEST_INVALID iss');
    expect(refusal(() => accountId('a', ''))).toBe('REQUEST_INVALID sub');
    expect(refusal(() => accountId('a', 'x'.repeat(1025)))).toBe('REQUEST_INVALID sub');
    expect(refusal(() => accountId('a', '\ud800'))).toBe('REQUEST_INVALID sub');
  });
});

describe('oprfInput', () => {
  it('takes the same code typed in another Unicode form as the same code', () => {
    expect(oprfInput('\uff11\uff12\uff13\uff14', uid, 'eu-1')).toEqual(oprfInput('1234', uid, 'eu-1'));
    expect(oprfInput('caf\u0065\u0301', uid, 'eu-1')).toEqual(oprfInput('caf\u00e9', uid, 'eu-1'));
  });

  it('differs by code, account and fleet', () => {
    const inputs = [
      oprfInput('1234', uid, 'eu-1'),
      oprfInput('1235', uid, 'eu-1'),
      oprfInput('1234', new Uint8Array(32), 'eu-1'),
      oprfInput('1234', uid, 'eu-2'),
    ];
    expect(new Set(inputs.map(toHex)).size).toBe(inputs.length);
  });

  it('refuses short, oversized and ill-formed codes without repeating them', () => {
    for (const code of ['', '123', 'x'.repeat(513), 'abcd\udc00', '\ufdfa'.repeat(200)]) {
      expect(refusal(() => oprfInput(code, uid, 'eu-1'))).toBe('REQUEST_INVALID code');
    }
    expect(() => oprfInput('s3c', uid, 'eu-1')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3c') }));
  });
});

describe('parseFleetId', () => {
  it.each(['eu-1', 'a', '0', 'x'.repeat(32)])('accepts %s', (name) => {
    expect(parseFleetId(name)).toBe(name);
  });

  it.each(['', '-a', 'a-', 'A', 'a.b', 'a b', 'a*', '>', 'a\n', 'x'.repeat(33), 'ä'])('refuses %j', (name) => {
    expect(refusal(() => parseFleetId(name))).toBe('REQUEST_INVALID fleetId');
  });
});
