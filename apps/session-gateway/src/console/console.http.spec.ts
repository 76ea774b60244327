import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleGateway, type ExampleGateway } from '../example/example-gateway.js';
import { ConsolePages } from './console-pages.js';

const HTML = '<!doctype html><title>a page</title>';
const folder = mkdtempSync(join(tmpdir(), 'console-'));
let gateway: ExampleGateway;
let without: ExampleGateway;

beforeAll(async () => {
  writeFileSync(join(folder, 'audit.html'), HTML);
  writeFileSync(join(folder, 'audit.policy'), "default-src 'none'\n");
  gateway = await exampleGateway({ console: await ConsolePages.read(folder) });
  without = await exampleGateway();
});

afterAll(async () => {
  await Promise.all([gateway.app.close(), without.app.close()]);
  rmSync(folder, { recursive: true });
});

type Answer = Awaited<ReturnType<ExampleGateway['app']['inject']>>;
const get = (url: string, headers: Record<string, string> = {}): Promise<Answer> => gateway.app.inject({ method: 'GET', url, headers });

describe('the console', () => {
  it('is served whole, with the policy of its build, and no page may frame it', async () => {
    const { statusCode, headers, body } = await get('/console/audit');
    expect([statusCode, body]).toEqual([200, HTML]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it('is asked for again each time and sent again only when it has changed', async () => {
    const { headers } = await get('/console/audit');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await get('/console/audit', { 'if-none-match': String(headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await get('/console/audit', { 'if-none-match': '"another"' })).statusCode).toBe(200);
  });

  it('is compressed for those who can read that', async () => {
    const { headers, rawPayload } = await get('/console/audit', { 'accept-encoding': 'gzip, br' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(rawPayload).toString()).toBe(HTML);
  });

  it('begins with the audit', async () => {
    const { statusCode, headers } = await get('/console');
    expect([statusCode, headers.location]).toEqual([302, '/console/audit']);
  });

  it.each(['/console/audit.policy', '/console/..%2faudit.html', '/console/audit/', '/console/settings'])('has no %s', async (url) => {
    expect((await get(url)).statusCode).toBe(404);
  });

  it('is not there where no folder was named', async () => {
    expect((await without.app.inject({ method: 'GET', url: '/console/audit' })).statusCode).toBe(404);
  });

  it('stops the start when its files are missing', async () => {
    await expect(ConsolePages.read(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('what anybody may check', () => {
  it('can be read by a page of any origin, and nothing else can', async () => {
    const readable = async (url: string): Promise<unknown> => (await get(url, { origin: 'null' })).headers['access-control-allow-origin'];
    expect(await readable('/v1/fleet-bundle')).toBe('*');
    for (const url of ['/v1/operator/fleets', '/health', '/console/audit']) expect(await readable(url)).toBeUndefined();
  });
});
