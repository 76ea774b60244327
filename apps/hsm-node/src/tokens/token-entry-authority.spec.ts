import { describe, expect, it } from '@jest/globals';
import { DEVELOPMENT_ISSUER, JoseTokenVerifier, mintDevelopmentToken, nodeVerifier, parseTokenIssuers } from '@strongroom/platform';
import { accountId, nobleSigner, signEntry, type DeleteCore, type Entry } from '@strongroom/protocol';
import { TokenEntryAuthority } from './token-entry-authority.js';

const NOW_MS = 1_800_000_000_000;
const device = nobleSigner(new Uint8Array(32).fill(1));
const stranger = nobleSigner(new Uint8Array(32).fill(2));
const authority = new TokenEntryAuthority(new JoseTokenVerifier(parseTokenIssuers('development'), 'test'), nodeVerifier);

const coreOf = (changes: Partial<DeleteCore> = {}): DeleteCore => ({
  kind: 'delete',
  fleetId: 'main',
  uid: accountId(DEVELOPMENT_ISSUER, 'alice'),
  ver: 2,
  bindingKey: device.publicKey,
  nonce: new Uint8Array(16),
  ...changes,
});

async function entryOf({ core = coreOf(), sub = 'alice', bound = device, signer = device, nowMs = NOW_MS } = {}): Promise<Entry> {
  const token = await mintDevelopmentToken({ sub, bindingKey: bound.publicKey, nowMs });
  return { ...signEntry(core, signer, null), token };
}

const refused = (check: string): unknown => expect.objectContaining({ code: 'TOKEN_INVALID', metadata: { check } });

describe('who may append', () => {
  it('is the holder of the key that the account token is bound to', async () => {
    expect(await authority.check(await entryOf(), NOW_MS)).toBe('valid');
  });

  it('tells an expired token from a valid one', async () => {
    expect(await authority.check(await entryOf(), NOW_MS + 2 * 3_600_000)).toBe('expired');
  });

  it('refuses a copied token that is used with another key', async () => {
    const core = coreOf({ bindingKey: stranger.publicKey });
    await expect(authority.check(await entryOf({ core, signer: stranger }), NOW_MS)).rejects.toEqual(refused('cnf'));
  });

  it('refuses a signature by another key than the entry names, and over another entry', async () => {
    const good = await entryOf();
    const forged = { ...good, signature: (await entryOf({ core: coreOf({ ver: 3 }) })).signature };
    await expect(authority.check(forged, NOW_MS)).rejects.toEqual(refused('signature'));
    await expect(authority.check({ ...good, core: coreOf({ ver: 3 }) }, NOW_MS)).rejects.toEqual(refused('signature'));
  });

  it('refuses the token of another account', async () => {
    await expect(authority.check(await entryOf({ sub: 'bob' }), NOW_MS)).rejects.toEqual(refused('uid'));
  });

  it('refuses a token of an issuer that is not configured, and one that was changed', async () => {
    const nobody = new TokenEntryAuthority(new JoseTokenVerifier([], 'test'), nodeVerifier);
    const entry = await entryOf();
    await expect(nobody.check(entry, NOW_MS)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(authority.check({ ...entry, token: `${entry.token.slice(0, -6)}AAAAAA` }, NOW_MS)).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
    await expect(authority.check({ ...entry, token: 'a.b.c' }, NOW_MS)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});
