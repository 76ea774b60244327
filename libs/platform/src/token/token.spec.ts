import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromHex, toBase64url, utf8 } from '@strongroom/protocol';
import { CompactSign, UnsecuredJWT } from 'jose';
import { nodeSigner } from '../signature/node-signature.js';
import { DEVELOPMENT_ISSUER, DEVELOPMENT_PUBLIC_JWK, mintDevelopmentToken } from './development-issuer.js';
import { isBoundTo } from './token-claims.js';
import { parseTokenIssuers } from './token-issuer.js';
import { JoseTokenVerifier } from './token-verifier.js';

const nowMs = Date.UTC(2026, 0, 1);
const nowS = nowMs / 1000;
const bindingKey = nodeSigner(new Uint8Array(32).fill(5)).publicKey;
const cnf = { jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(bindingKey) } };
const claims = { iss: 'https://id.example', sub: 'alice', aud: 'strongroom', iat: nowS, exp: nowS + 600, cnf };
const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

function jwk(key: KeyObject, kid: string): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), kid };
}

const keys = [jwk(ed25519.publicKey, 'ed'), jwk(p256.publicKey, 'ec'), jwk(rsa.publicKey, 'rsa')];
const issuers = parseTokenIssuers(JSON.stringify([{ issuer: claims.iss, jwks: { keys } }]));
const verifier = new JoseTokenVerifier(issuers, 'production');
const development = new JoseTokenVerifier(parseTokenIssuers('development'), 'test');

function minted(payload: object, alg = 'EdDSA', kid = 'ed', key: KeyObject | Uint8Array = ed25519.privateKey): Promise<string> {
  return new CompactSign(utf8(JSON.stringify(payload))).setProtectedHeader({ alg, kid }).sign(key);
}

function tokenInvalid(check: string): unknown {
  return expect.objectContaining({ code: 'TOKEN_INVALID', metadata: { check } });
}

describe('a token', () => {
  it.each([
    ['EdDSA', 'ed', ed25519],
    ['Ed25519', 'ed', ed25519],
    ['ES256', 'ec', p256],
    ['RS256', 'rsa', rsa],
  ] as const)('is valid when signed with %s', async (alg, kid, pair) => {
    const { status, claims: read } = await verifier.verify(
      await minted({ ...claims, roles: ['operator'] }, alg, kid, pair.privateKey),
      nowMs,
    );
    expect(status).toBe('valid');
    expect(read).toMatchObject({ iss: claims.iss, sub: 'alice', bindingKey, expiresAtMs: nowMs + 600_000, roles: ['operator'] });
    expect(isBoundTo(read, bindingKey)).toBe(true);
    expect(isBoundTo(read, nodeSigner(new Uint8Array(32).fill(6)).publicKey)).toBe(false);
  });

  it('may name its key by thumbprint (RFC 8037 appendix A.3)', async () => {
    const key = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const jkt = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
    const { claims: read } = await verifier.verify(await minted({ ...claims, cnf: { jkt } }), nowMs);
    expect(read.bindingKey).toBeNull();
    expect(isBoundTo(read, key)).toBe(true);
    expect(isBoundTo(read, bindingKey)).toBe(false);
  });

  it('is expired, not invalid, when the clock alone is against it', async () => {
    const token = await minted(claims);
    const tolerated = 30_000;
    expect((await verifier.verify(token, nowMs + 600_000 + tolerated - 1)).status).toBe('valid');
    expect((await verifier.verify(token, nowMs + 600_000 + tolerated)).status).toBe('expired');
    expect((await verifier.verify(token, nowMs - tolerated)).status).toBe('valid');
    expect((await verifier.verify(token, nowMs - tolerated - 1)).status).toBe('expired');
    expect((await verifier.verify(token, nowMs)).status).toBe('valid');
  });

  it('is expired when it was never seen before its end', async () => {
    const token = await minted({ ...claims, iat: nowS - 7200, exp: nowS - 3600 });
    expect((await verifier.verify(token, nowMs)).status).toBe('expired');
  });

  it('is refused when signed with another key of the same name', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    await expect(verifier.verify(await minted(claims, 'EdDSA', 'ed', stranger), nowMs)).rejects.toEqual(tokenInvalid('signature'));
  });

  it('is refused without a signature', async () => {
    await expect(verifier.verify(new UnsecuredJWT(claims).encode(), nowMs)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('is refused when a public key is used as an HMAC secret', async () => {
    const pem = Buffer.from(rsa.publicKey.export({ format: 'pem', type: 'spki' }));
    await expect(verifier.verify(await minted(claims, 'HS256', 'rsa', pem), nowMs)).rejects.toEqual(tokenInvalid('signature'));
  });

  it.each(['RS512', 'PS256'])('is refused when signed with %s, which is not on the list', async (alg) => {
    await expect(verifier.verify(await minted(claims, alg, 'rsa', rsa.privateKey), nowMs)).rejects.toEqual(tokenInvalid('signature'));
  });

  it('is refused when changed, also after the right one was seen', async () => {
    const [header, payload, signature] = (await minted(claims)).split('.');
    await verifier.verify(`${header}.${payload}.${signature}`, nowMs);
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url');
    await expect(verifier.verify(`${header}.${forged}.${signature}`, nowMs)).rejects.toEqual(tokenInvalid('signature'));
  });

  it.each([
    ['of a foreign issuer', { iss: 'https://other.example' }, 'iss'],
    ['for another audience', { aud: 'elsewhere' }, 'aud'],
    ['that is bound to no key', { cnf: undefined }, 'cnf'],
    ['bound to a key of another kind', { cnf: { jwk: { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' } } }, 'cnf'],
    ['bound to a key of small order', { cnf: { jwk: { ...cnf.jwk, x: toBase64url(Uint8Array.of(1, ...new Uint8Array(31))) } } }, 'cnf.jwk'],
    ['without a subject', { sub: undefined }, 'sub'],
    ['that never ends', { exp: undefined }, 'exp'],
    ['that lasts longer than a day', { exp: nowS + 86_401 }, 'exp'],
    ['that ends before it begins', { exp: nowS - 1 }, 'exp'],
  ])('%s is refused', async (_, change, check) => {
    await expect(verifier.verify(await minted({ ...claims, ...change }), nowMs)).rejects.toEqual(tokenInvalid(check));
  });

  it.each([
    ['', 'form'],
    ['a.b.c', 'form'],
    ['x'.repeat(4097), 'length'],
    ['....', 'form'],
    ['e30.e30.', 'iss'],
  ])('is refused when it is no token: %#', async (text, check) => {
    await expect(verifier.verify(text, nowMs)).rejects.toEqual(tokenInvalid(check));
  });
});

describe('the development issuer', () => {
  it('serves development and is refused in production, under its own or any other name', async () => {
    const token = await mintDevelopmentToken({ sub: 'alice', bindingKey, nowMs, roles: ['operator'] });
    expect((await development.verify(token, nowMs)).claims).toMatchObject({ iss: DEVELOPMENT_ISSUER, sub: 'alice', roles: ['operator'] });
    await expect(verifier.verify(token, nowMs)).rejects.toEqual(tokenInvalid('iss'));
    const renamed = parseTokenIssuers(JSON.stringify([{ issuer: claims.iss, jwks: { keys: [DEVELOPMENT_PUBLIC_JWK] } }]));
    for (const list of [parseTokenIssuers('development'), renamed])
      expect(() => new JoseTokenVerifier(list, 'production')).toThrow('refused in production');
  });
});

describe('the configured issuers', () => {
  it.each([
    ['no JSON', 'https://id.example'],
    ['no list', '{}'],
    ['an empty list', '[]'],
    ['neither keys nor an address', '[{"issuer":"a"}]'],
    ['an unknown setting', '[{"issuer":"a","jwksUrl":"https://a","x":1}]'],
    ['a private key', JSON.stringify([{ issuer: 'a', jwks: { keys: [jwk(ed25519.privateKey, 'ed')] } }])],
    ['a symmetric key', '[{"issuer":"a","jwks":{"keys":[{"kty":"oct","k":"AA"}]}}]'],
    ['an issuer twice', '[{"issuer":"a","jwksUrl":"https://a"},{"issuer":"a","jwksUrl":"https://b"}]'],
  ])('are refused with %s', (_, text) => {
    expect(() => parseTokenIssuers(text)).toThrow();
  });

  it('must give their keys over https in production', () => {
    const plain = parseTokenIssuers('[{"issuer":"a","jwksUrl":"http://127.0.0.1:1/jwks"}]');
    expect(() => new JoseTokenVerifier(plain, 'production')).toThrow('https');
  });
});
