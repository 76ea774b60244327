import { nodeSigner, TokenVerifier, type VerifiedToken } from '@strongroom/platform';
import {
  accountId,
  fromBase64url,
  fromHex,
  toBase64url,
  toHex,
  utf8,
  VaultError,
  type Bytes,
  type SignatureVerifier,
  type Signer,
} from '@strongroom/protocol';

export const ISSUER = 'https://issuer.test';
const issuer: Signer = nodeSigner(new Uint8Array(32).fill(3));
const HEADER = toBase64url(utf8('{}'));
const NO_THUMBPRINT = new Uint8Array(32);
const FOREVER = Number.MAX_SAFE_INTEGER;

export function uidOf(sub: string): Bytes {
  return accountId(ISSUER, sub);
}

/** A token of the simulated issuer: subject, bound key and expiry, signed by it, in the form of a JWT. */
export function mintToken(sub: string, bindingKey: Bytes, expiresAtMs: number = FOREVER): string {
  const claims = utf8(`${sub} ${toHex(bindingKey)} ${expiresAtMs}`);
  return `${HEADER}.${toBase64url(claims)}.${toBase64url(issuer.sign(claims))}`;
}

/** Judges those tokens. Real JWTs would need WebCrypto, which answers when it likes: a run could not be repeated. */
export class SimTokens extends TokenVerifier {
  constructor(private readonly verifier: SignatureVerifier) {
    super();
  }

  verify(token: string, nowMs: number): Promise<VerifiedToken> {
    const [, body = '', signature = ''] = token.split('.');
    const claims = fromBase64url(body);
    if (!this.verifier.verify(issuer.publicKey, claims, fromBase64url(signature)))
      return Promise.reject(new VaultError('TOKEN_INVALID', 'the token is not by the issuer', { check: 'signature' }));
    const [sub = '', key = '', expiry = ''] = new TextDecoder().decode(claims).split(' ');
    const expiresAtMs = Number(expiry);
    const told = { iss: ISSUER, sub, bindingKey: fromHex(key), thumbprint: NO_THUMBPRINT, notBeforeMs: 0, expiresAtMs, roles: [] };
    return Promise.resolve({ status: nowMs < expiresAtMs ? 'valid' : 'expired', claims: told });
  }
}
