import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HTTP_ROUTES, PROOF_HEADER, type HttpRoute } from '@strongroom/contracts';
import { mintDevelopmentToken } from '@strongroom/platform';
import { encodeEntryCore, encodeStatusQuery, signEntry, toBase64url, type Signer } from '@strongroom/protocol';
import { TestFleet } from '@strongroom/testing';
import { captureRegistration } from './captured.js';
import { knock, knockRaw, type Answer, type Sent } from './http-door.js';
import { codeOf } from './intruder.js';
import { flipped, random, stranger, tokenOf, Victim } from './victim.js';

const PROBLEM = 'application/problem+json';
const TAKING = HTTP_ROUTES.filter(({ request }) => request !== undefined);
const GUARDED = HTTP_ROUTES.filter(({ caller }) => caller !== 'anyone');

const pathOf = ({ path }: HttpRoute): string => path.replace('{id}', 'ab'.repeat(32)).replace('{fleetId}', 'main');
const named = (routes: readonly HttpRoute[]): (readonly [string, HttpRoute])[] =>
  routes.map((route) => [`${route.method} ${route.path}`, route]);

describe('the HTTP door', () => {
  let fleet: TestFleet;
  let victim: Victim;

  beforeAll(async () => {
    fleet = await TestFleet.create();
    victim = await Victim.protect(fleet);
  }, 120_000);
  afterAll(async () => {
    expect(await victim.attemptsLeft()).toBe(10);
    expect(await victim.recovers()).toBe(true);
    const { gateway } = fleet.stack.services;
    expect(gateway.isRunning).toBe(true);
    expect(gateway.logged()).not.toMatch(/uncaught|unhandled|http\.failed/i);
    await fleet.stop();
  }, 60_000);

  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const json = { 'content-type': 'application/json' };

  /** As the person that the route is for. */
  async function send(route: HttpRoute, sent: Sent): Promise<Answer> {
    const key = victim.device.bindingKey;
    const token = route.caller === 'operator' ? await operatorToken(key) : await tokenOf(victim.device.account, key);
    return knock(fleet.stack.gatewayUrl, pathOf(route), {
      method: route.method.toUpperCase(),
      ...sent,
      headers: { ...bearer(token), ...sent.headers },
    });
  }

  function operatorToken(key: Signer): Promise<string> {
    return mintDevelopmentToken({ sub: 'olga', bindingKey: key.publicKey, roles: ['operator'], nowMs: Date.now() });
  }

  describe.each(named(TAKING))('%s', (_name, route) => {
    // A deployment statement carries every member's evidence: it may be longer than anything else.
    const tooMany = route.operationId === 'submitDeployment' ? 330_000 : 70_000;
    it.each([
      ['no body', undefined, 400],
      ['an empty body', '', 400],
      ['half a body', '{"entry":{"core":"', 400],
      ['a list', '[]', 400],
      ['null', 'null', 400],
      ['a text', '"entry"', 400],
      ['an empty object', '{}', 400],
      ['an unknown field alone', '{"unknown":1}', 400],
      ['a poisoned prototype', '{"__proto__":{"entry":1}}', 400],
      ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), 400],
      ['deep nesting', '['.repeat(30_000), 400],
      ['too much', `{"a":"${'x'.repeat(tooMany)}"}`, 413],
    ] as const)('refuses %s', async (_what, body, status) => {
      const answer = await send(route, { headers: json, ...(body === undefined ? {} : { body }) });
      expect(answer).toMatchObject({ status, type: PROBLEM, code: 'REQUEST_INVALID' });
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/msgpack', 'multipart/form-data; boundary=x', 'nonsense'])(
      'refuses a body of %s',
      async (type) => {
        expect(await send(route, { headers: { 'content-type': type }, body: '{}' })).toMatchObject({
          status: 415,
          type: PROBLEM,
          code: 'REQUEST_INVALID',
        });
      },
    );
  });

  describe.each(named(GUARDED))('%s', (_name, route) => {
    const thief = stranger();
    it.each<readonly [string, () => Promise<string> | string]>([
      ['no token', () => ''],
      ['another scheme', () => 'Basic YTpi'],
      ['a token that is none', () => 'Bearer a.b.c'],
      ['a garbled token', async () => `Bearer ${(await tokenOf('x', thief)).slice(0, -4)}AAAA`],
      ['an expired token', async () => `Bearer ${await tokenOf('x', thief, -60_000)}`],
      ['a token twice', async () => `Bearer ${await tokenOf('x', thief)}, Bearer ${await tokenOf('x', thief)}`],
    ])('refuses %s before it looks at anything else', async (_what, authorization) => {
      const headers = { authorization: await authorization(), ...(route.method === 'get' ? {} : json) };
      const body = route.method === 'get' ? {} : { body: '{}' };
      const answer = await knock(fleet.stack.gatewayUrl, pathOf(route), { method: route.method.toUpperCase(), headers, ...body });
      expect(answer).toMatchObject({ status: 401, type: PROBLEM, code: 'TOKEN_INVALID' });
    });
  });

  it.each(named(HTTP_ROUTES.filter(({ caller }) => caller === 'operator')))(
    'lets no account without the role use %s',
    async (_name, route) => {
      const headers = { ...bearer(await victim.device.token()), ...(route.request === undefined ? {} : json) };
      const answer = await knock(fleet.stack.gatewayUrl, pathOf(route), {
        method: route.method.toUpperCase(),
        headers,
        ...(route.request === undefined ? {} : { body: '{}' }),
      });
      expect(answer).toMatchObject({ status: 403, type: PROBLEM, code: 'FORBIDDEN' });
    },
  );

  it('refuses a registration in which any field is wrong', async () => {
    const made = await captureRegistration(fleet);
    const entry = { core: toBase64url(made.core.recordHash), signature: toBase64url(random.bytes(64)), ownerSignature: null };
    const good = { entry, record: toBase64url(made.record), sealed: made.sealed.map(toBase64url) };
    for (const change of [
      { entry: { ...entry, core: 'a=b' } },
      { entry: { ...entry, core: 'a+/b' } },
      { entry: { ...entry, core: 'a' } },
      { entry: { ...entry, signature: 'AA' } },
      { entry: { ...entry, signature: `${'A'.repeat(85)}B` } },
      { entry: { ...entry, extra: 1 } },
      { record: 7 },
      { record: 'A'.repeat(6_000) },
      { sealed: [] },
      { sealed: 'AA' },
      { sealed: good.sealed.slice(1) },
      { sealed: Array.from({ length: 33 }, () => 'AA') },
      { extra: true },
    ]) {
      const body = JSON.stringify({ ...good, ...change });
      const answer = await knock(fleet.stack.gatewayUrl, '/v1/records', {
        method: 'POST',
        headers: { ...bearer(await made.device.token()), ...json },
        body,
      });
      expect(answer).toMatchObject({ status: 400, type: PROBLEM, code: 'REQUEST_INVALID' });
    }
  });

  it.each(['zz', 'ab', 'AB'.repeat(32), 'ab'.repeat(33), '%00', '..%2f..%2fetc%2fpasswd', `${'ab'.repeat(31)}g0`])(
    'refuses the attempt id %s',
    async (id) => {
      const body = JSON.stringify({ ver: 1, index: 1, signature: toBase64url(random.bytes(64)) });
      const answer = await knock(fleet.stack.gatewayUrl, `/v1/attempts/${id}/confirm`, {
        method: 'POST',
        headers: { ...bearer(await victim.device.token()), ...json },
        body,
      });
      expect(answer).toMatchObject({ status: 400, type: PROBLEM, code: 'REQUEST_INVALID' });
    },
  );

  it('refuses a status whose proof is missing, garbled, old, for another account or by another key', async () => {
    const { bindingKey } = victim.device;
    const query = (changes: object): Uint8Array =>
      encodeStatusQuery({
        fleetId: 'main',
        uid: victim.uid,
        bindingKey: bindingKey.publicKey,
        nonce: random.bytes(32),
        askedAtMs: Date.now(),
        ...changes,
      });
    const signed = (bytes: Uint8Array, signer: Signer = bindingKey): string => `${toBase64url(bytes)}.${toBase64url(signer.sign(bytes))}`;
    const cases = [
      ['', 'REQUEST_INVALID'],
      ['x', 'REQUEST_INVALID'],
      ['a.b.c', 'REQUEST_INVALID'],
      [signed(query({}).subarray(1)), 'REQUEST_INVALID'],
      [signed(query({ askedAtMs: 0 })), 'REQUEST_INVALID'],
      [signed(query({ fleetId: 'elsewhere' })), 'REQUEST_INVALID'],
      [signed(query({ uid: random.bytes(32) })), 'TOKEN_INVALID'],
      [signed(query({ bindingKey: stranger().publicKey })), 'TOKEN_INVALID'],
      [signed(query({}), stranger()), 'TOKEN_INVALID'],
      [`${toBase64url(query({}))}.${toBase64url(bindingKey.sign(query({})))}`, 'TOKEN_INVALID'],
    ] as const;
    for (const [value, code] of cases) {
      const answer = await knock(fleet.stack.gatewayUrl, '/v1/records/me', {
        headers: { ...bearer(await victim.device.token()), [PROOF_HEADER]: value },
      });
      expect([value.length, answer.type, answer.code]).toEqual([value.length, PROBLEM, code]);
    }
  });

  it.each([
    ['GET', '/v1/records', 404],
    ['PATCH', '/v1/attempts', 404],
    ['TRACE', '/v1/attempts', 404],
    ['POST', '/health', 404],
    ['DELETE', '/v1/fleet-bundle', 404],
    ['GET', '/v1/../v1/none', 404],
    ['GET', '/v1/records/me/../../../../etc/passwd', 404],
    ['GET', '/docs/..%2f..%2fpackage.json', 404],
    ['GET', '/docs/%2e%2e/%2e%2e/package.json', 404],
    ['GET', '/%ff', 400],
    ['GET', `/${'a/'.repeat(4_000)}`, 404],
  ])('answers %s %s with problem details', async (method, path, status) => {
    const raw = await knockRaw(
      fleet.stack.gatewayUrl,
      `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    expect(raw).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(raw.toLowerCase()).toContain(PROBLEM);
    expect(raw).not.toMatch(/root:|"private"/);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['huge headers', `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /v1/attempts HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}', 400],
    [
      'a length and chunks',
      'POST /v1/attempts HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a negative length', 'POST /v1/attempts HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n', 400],
  ])('answers %s with problem details and closes', async (_what, bytes, status) => {
    const raw = await knockRaw(fleet.stack.gatewayUrl, bytes);
    expect(raw).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(raw).toContain(PROBLEM);
  });

  it("tells nobody without an account's token whether it exists, is locked or deleted", async () => {
    const deleted = await Victim.protect(fleet);
    await deleted.device.client.forget();
    const locked = await Victim.protect(fleet);
    for (let i = 0; i < 10; i++) await codeOf(locked.device.client.recover('wrong code'));
    const key = stranger();
    const token = await tokenOf('nosy', key);
    const looks = new Set<string>();
    for (const uid of [victim.uid, deleted.uid, locked.uid, random.bytes(32), flipped(victim.uid)]) {
      const query = encodeStatusQuery({ fleetId: 'main', uid, bindingKey: key.publicKey, nonce: random.bytes(32), askedAtMs: Date.now() });
      const proof = `${toBase64url(query)}.${toBase64url(key.sign(query))}`;
      const status = await knock(fleet.stack.gatewayUrl, '/v1/records/me', { headers: { ...bearer(token), [PROOF_HEADER]: proof } });
      const core = victim.attempt({ uid, bindingKey: key.publicKey });
      const body = JSON.stringify({
        entry: {
          core: toBase64url(encodeEntryCore(core)),
          signature: toBase64url(signEntry(core, key, null).signature),
          ownerSignature: null,
        },
      });
      const attempt = await knock(fleet.stack.gatewayUrl, '/v1/attempts', { method: 'POST', headers: { ...bearer(token), ...json }, body });
      looks.add(JSON.stringify([status, attempt], (name, value: unknown) => (name === 'instance' ? '' : value)));
    }
    expect(looks.size).toBe(1);
    expect([...looks][0]).toContain('TOKEN_INVALID');
  }, 60_000);
});
