import { describe, expect, it } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { accountInWebhooks } from './webhook-account.js';

const lv = (text: string): Buffer => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
const user = { iss: 'https://issuer.example', sub: 'alice' };

describe('the account in a webhook', () => {
  it('is what OPERATIONS says, reckoned from issuer and subject', () => {
    const key = Buffer.from('fb+/'.repeat(8), 'base64');
    const uid = createHash('sha256')
      .update(Buffer.concat([lv('strongroom/v1/uid'), lv(user.iss), lv(user.sub)]))
      .digest();
    const expected = createHmac('sha256', key)
      .update(Buffer.concat([lv('strongroom/v1/webhook-account'), uid]))
      .digest('base64url');
    expect(accountInWebhooks(`whsec_${key.toString('base64')}\n`, user)).toBe(expected);
    expect(accountInWebhooks(`whsec_${key.toString('base64')}`, { ...user, sub: 'bob' })).not.toBe(expected);
  });

  it.each(['', 'c2VjcmV0', 'whsec_not base64'])('takes no secret like %j', (secret) => {
    expect(() => accountInWebhooks(secret, user)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});
