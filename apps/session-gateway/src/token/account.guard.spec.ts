import { afterEach, describe, expect, it } from '@jest/globals';
import { DEVELOPMENT_PUBLIC_JWK } from '@strongroom/platform';
import { accountId } from '@strongroom/protocol';
import { entryOf, exampleGateway, proofHeader, tokenFor, type ExampleGateway } from '../example/example-gateway.js';
import { NOW_MS } from '../example/example-fleet.js';

let gateway: ExampleGateway | undefined;
afterEach(() => gateway?.app.close());

async function answerTo(
  authorization: string | undefined,
  changes: Parameters<typeof exampleGateway>[0] = {},
  entry = entryOf('attempt'),
): Promise<{
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Record<string, unknown>;
}> {
  gateway ??= await exampleGateway(changes);
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await gateway.app.inject({ method: 'POST', url: '/v1/attempts', headers, payload: { entry } });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

afterEach(() => {
  gateway = undefined;
});

describe('a request is refused as TOKEN_INVALID', () => {
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"alice"}').toString('base64url')}.AA`;

  it.each([
    ['without a token', undefined, 'authorization'],
    ['with another scheme', 'Basic YTpi', 'authorization'],
    ['with a token of two parts', 'Bearer a.b', 'authorization'],
    ['with a token that is no JWT', 'Bearer a.b.c', 'form'],
    ['with an unsigned token', `Bearer ${unsigned}`, 'iss'],
  ])('%s', async (_what, authorization, check) => {
    const { status, headers, body } = await answerTo(authorization);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer /);
    expect(body).toMatchObject({ code: 'TOKEN_INVALID', check });
  });

  it('with an expired token', async () => {
    const { body } = await answerTo(`Bearer ${await tokenFor('alice', { nowMs: NOW_MS - 7_200_000 })}`);
    expect(body).toMatchObject({ code: 'TOKEN_INVALID', check: 'exp' });
  });

  it('with the token of another account, before anything is sent', async () => {
    const { body } = await answerTo(`Bearer ${await tokenFor('mallory')}`);
    expect(body).toMatchObject({ code: 'TOKEN_INVALID', check: 'uid' });
    expect(gateway?.bus.calls.filter(({ subject }) => subject.includes('hsm-node'))).toEqual([]);
  });

  it('with an entry by another key than the token is bound to', async () => {
    const entry = entryOf('attempt', { bindingKey: Uint8Array.from(Buffer.from(DEVELOPMENT_PUBLIC_JWK.x ?? '', 'base64url')) });
    const { body } = await answerTo(`Bearer ${await tokenFor()}`, {}, entry);
    expect(body).toMatchObject({ code: 'TOKEN_INVALID', check: 'cnf' });
  });

  it('with a status query about another account', async () => {
    gateway = await exampleGateway();
    const headers = { authorization: `Bearer ${await tokenFor()}`, 'strongroom-proof': proofHeader({ uid: accountId('x', 'y') }) };
    const answer = await gateway.app.inject({ method: 'GET', url: '/v1/records/me', headers });
    expect(answer.json()).toMatchObject({ code: 'TOKEN_INVALID', check: 'uid' });
  });
});

describe('an entry', () => {
  it('of a fleet that no bundle lists is refused', async () => {
    const { body } = await answerTo(`Bearer ${await tokenFor()}`, {}, entryOf('attempt', { fleetId: 'elsewhere' }));
    expect(body).toMatchObject({ code: 'REQUEST_INVALID', field: 'fleetId' });
  });

  it('of another kind than its route is refused', async () => {
    const { body } = await answerTo(`Bearer ${await tokenFor()}`, {}, entryOf('delete'));
    expect(body).toMatchObject({ code: 'REQUEST_INVALID', field: 'kind' });
  });
});

describe('rate limits', () => {
  it('refuse an account that asks too often, with the time to return, and no other account', async () => {
    const limits = { rateLimits: { accountPerMinute: 2, addressPerMinute: null } };
    const alice = `Bearer ${await tokenFor()}`;
    for (let i = 0; i < 2; i++) expect((await answerTo(alice, limits, entryOf('delete'))).status).toBe(400);
    const refused = await answerTo(alice, limits);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) } });
    expect(refused.body).toMatchObject({ code: 'RATE_LIMITED', retryAtMs: expect.any(Number) });
    expect((await answerTo(`Bearer ${await tokenFor('bob')}`)).status).toBe(401);
  });

  it('refuse an address that asks too often, before its token is looked at', async () => {
    const limits = { rateLimits: { accountPerMinute: null, addressPerMinute: 1 } };
    expect((await answerTo('Bearer a.b.c', limits)).status).toBe(401);
    expect((await answerTo('Bearer a.b.c', limits)).status).toBe(429);
  });

  it('count the address that a trusted proxy names, and believe nobody else', async () => {
    const limits = { accountPerMinute: null, addressPerMinute: 1 };
    for (const [trustProxy, last] of [
      ['127.0.0.1', 401],
      [false, 429],
    ] as const) {
      const { app } = await exampleGateway({ rateLimits: limits, server: { trustProxy } });
      const from = async (address: string): Promise<number> =>
        (await app.inject({ method: 'POST', url: '/v1/attempts', headers: { 'x-forwarded-for': address } })).statusCode;
      expect([await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([401, last]);
      await app.close();
    }
  });
});
