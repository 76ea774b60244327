import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JoseTokenVerifier, nodeSigner, parseTokenIssuers } from '@strongroom/platform';
import { toBase64url, utf8 } from '@strongroom/protocol';
import { freePort } from '@strongroom/stack';

const nowMs = Date.UTC(2026, 0, 1);
const x = toBase64url(nodeSigner(new Uint8Array(32).fill(5)).publicKey);
const cnf = { jwk: { kty: 'OKP', crv: 'Ed25519', x } };
const claims = { iss: 'https://id.example', aud: 'strongroom', iat: nowMs / 1000, exp: nowMs / 1000 + 600, cnf };
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** A compact JWS without the library that is under test. */
function minted(sub: string, kid: string, key: KeyObject): string {
  const signed = [
    { alg: 'EdDSA', kid },
    { ...claims, sub },
  ]
    .map((part) => toBase64url(utf8(JSON.stringify(part))))
    .join('.');
  return `${signed}.${toBase64url(sign(null, utf8(signed), key))}`;
}

describe('keys that an issuer publishes', () => {
  let server: Server;
  let answers: (() => { readonly status: number; readonly body: string })[];
  let verifier: JoseTokenVerifier;

  beforeEach(async () => {
    answers = [];
    server = createServer((_request, response) => {
      const { status, body } = answers.shift()?.() ?? { status: 500, body: '' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    const port = await freePort();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    const jwksUrl = `http://127.0.0.1:${port}/jwks`;
    verifier = new JoseTokenVerifier(parseTokenIssuers(JSON.stringify([{ issuer: claims.iss, jwksUrl }])), 'test');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const published = (): { status: number; body: string } => ({
    status: 200,
    body: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'ed' }] }),
  });

  it('are fetched once for many tokens', async () => {
    answers.push(published);
    for (const sub of ['alice', 'bob']) {
      expect(await verifier.verify(minted(sub, 'ed', privateKey), nowMs)).toMatchObject({ status: 'valid', claims: { sub } });
    }
  });

  it('judge a token of another key, also under the right name', async () => {
    answers.push(published);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    for (const kid of ['ed', 'other']) {
      await expect(verifier.verify(minted('alice', kid, stranger), nowMs)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    }
  });

  it.each([
    ['an error', { status: 503, body: '{}' }],
    ['no JSON', { status: 200, body: 'hello' }],
    ['no keys', { status: 200, body: '{"keys":5}' }],
  ])('that come as %s make it unavailable, not the token invalid, and are fetched again', async (_, answer) => {
    answers.push(() => answer, published);
    const token = minted('alice', 'ed', privateKey);
    await expect(verifier.verify(token, nowMs)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect((await verifier.verify(token, nowMs)).status).toBe('valid');
  });

  it('that nobody serves make it unavailable', async () => {
    server.close();
    server.closeAllConnections();
    await expect(verifier.verify(minted('alice', 'ed', privateKey), nowMs)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });
});
