import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Log, LogFields } from '@strongroom/platform';
import { entryOf, exampleGateway, tokenFor, type ExampleGateway } from '../example/example-gateway.js';

const lines: LogFields[] = [];
const keep = (fields: LogFields): void => void lines.push(fields);
const log: Log = { debug: keep, info: keep, warn: keep, error: keep, fatal: keep };

let gateway: ExampleGateway;
let authorization: string;

beforeAll(async () => {
  gateway = await exampleGateway({ log, server: { corsOrigins: ['https://app.example'] } });
  await gateway.app.listen(0, '127.0.0.1');
  authorization = `Bearer ${await tokenFor()}`;
});

afterAll(() => gateway.app.close());

type Request = Parameters<ExampleGateway['app']['inject']>[0] & object;

async function problem(request: Request): Promise<Record<string, unknown>> {
  const answer = await gateway.app.inject(request);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const body = answer.json();
  expect(body).toMatchObject({ status: answer.statusCode, type: `urn:strongroom:error:${String(body.code)}`, title: expect.any(String) });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|dist\/|at .*\(/);
  return body;
}

function post(payload: string, headers: Record<string, string> = {}): Request {
  return { method: 'POST', url: '/v1/attempts', headers: { authorization, 'content-type': 'application/json', ...headers }, payload };
}

describe('the HTTP door answers with problem details', () => {
  it.each([
    ['an unknown route', { method: 'GET', url: '/v1/secrets' }, 'NOT_FOUND', 404],
    ['the root', { method: 'GET', url: '/' }, 'NOT_FOUND', 404],
    ['an unknown method', { method: 'PUT', url: '/v1/attempts' }, 'NOT_FOUND', 404],
    ['a path that cannot be decoded', { method: 'GET', url: '/v1/%zz' }, 'REQUEST_INVALID', 400],
  ] as const)('%s', async (_what, request, code, status) => {
    expect(await problem(request)).toMatchObject({ code, status });
  });

  it.each([
    ['malformed JSON', '{"entry": hunter2', {}, 'body', 400],
    ['no body', '', {}, 'body', 400],
    ['a body that is no object', '"entry"', {}, 'body', 400],
    ['null', 'null', {}, 'body', 400],
    ['a poisoned prototype', '{"__proto__": {"a": 1}}', {}, 'body', 400],
    ['an unknown member', '{"entry": {}, "extra": 1}', {}, 'entry.core', 400],
    ['plain text', '{}', { 'content-type': 'text/plain' }, 'content-type', 415],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 'content-type', 415],
    ['65,537 bytes', `"${'a'.repeat(65_535)}"`, {}, 'body', 413],
    ['a bundle digest that is none', '{}', { 'strongroom-bundle': 'ABC' }, 'strongroom-bundle', 400],
  ])('to %s', async (_what, payload, headers, field, status) => {
    const body = await problem(post(payload, headers));
    expect(body).toMatchObject({ code: 'REQUEST_INVALID', status, field });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it.each([
    ['a core that is not base64url', { core: '***' }, 'entry.core'],
    ['a core that is cut short', { core: 'AAAA' }, 'fleetId'],
    ['a signature of another length', { signature: 'AAAA' }, 'entry.signature'],
    ['a signature in a second encoding', { signature: `${'A'.repeat(85)}B` }, 'entry.signature'],
    ['a member that nobody knows', { secret: 1 }, 'entry'],
    ['no owner signature at all', { ownerSignature: undefined }, 'entry.ownerSignature'],
    ['an owner signature on an attempt', { ownerSignature: 'A'.repeat(86) }, 'ownerSignature'],
  ])('to an entry with %s', async (_what, change, field) => {
    const payload = JSON.stringify({ entry: { ...entryOf('attempt'), ...change } });
    expect(await problem(post(payload))).toMatchObject({ code: 'REQUEST_INVALID', field });
    expect(gateway.bus.calls.filter(({ subject }) => subject.includes('hsm-node'))).toEqual([]);
  });

  it('to bytes that are not HTTP', async () => {
    const { port } = new URL(await gateway.app.getUrl());
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('hello\r\n\r\n'));
      socket
        .on('data', (data) => (text += String(data)))
        .on('end', () => resolve(text))
        .on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'REQUEST_INVALID', field: 'request' });
  });

  it('to headers that are too long', async () => {
    const response = await fetch(`${await gateway.app.getUrl()}/health`, { headers: { 'x-long': 'a'.repeat(20_000) } });
    expect(response.status).toBe(431);
    expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID', field: 'headers' });
  });
});

describe('every answer', () => {
  it('names its request and may not be kept', async () => {
    const { headers } = await gateway.app.inject({
      method: 'GET',
      url: '/v1/fleet-bundle',
      headers: { 'x-request-id': 'chosen-by-a-stranger' },
    });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f]{12}-/),
    });
  });

  it('lets the configured origin read it and no other', async () => {
    const from = (origin: string): Promise<Awaited<ReturnType<typeof gateway.app.inject>>> =>
      gateway.app.inject({ method: 'OPTIONS', url: '/v1/attempts', headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await from('https://app.example')).headers['access-control-allow-origin']).toBe('https://app.example');
    expect((await from('https://evil.example')).headers['access-control-allow-origin']).not.toBe('https://evil.example');
  });
});

describe('the log', () => {
  it('has one line a request with the template of the route and nothing of the client', async () => {
    lines.length = 0;
    const id = 'ab'.repeat(32);
    await gateway.app.inject({
      ...post('{"hunter2": 1}', { authorization: 'Bearer a.hunter2.c' }),
      url: `/v1/attempts/${id}/confirm?code=hunter2`,
    });
    const answered = lines.filter(({ event }) => event === 'http.answered');
    expect(answered).toEqual([
      {
        event: 'http.answered',
        method: 'POST',
        route: '/v1/attempts/:id/confirm',
        status: 401,
        ms: expect.any(Number),
        requestId: expect.any(String),
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`hunter2|${id}`));
  });
});
