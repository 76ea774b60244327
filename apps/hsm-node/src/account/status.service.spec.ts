import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountStatus, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import {
  accountId,
  encodeStatusQuery,
  parseAccountStatement,
  verifySignedStatement,
  type AccountStatement,
  type Signer,
} from '@strongroom/protocol';
import { nodeVerifier } from '@strongroom/platform';
import { attemptOf, bytesOf, confirmationOf, device, stranger, versionOf } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

const uid = accountId('https://issuer.test', 'alice');
let fleet: MemoryFleet;
let voter: number;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  voter = fleet.ranked[1] ?? 2;
});
afterEach(() => fleet.end());

function request(
  by: Signer = device,
  change: { uid?: Uint8Array; fleetId?: string; askedAtMs?: number } = {},
): RequestOf<typeof accountStatus> {
  const nonce = bytesOf('nonce');
  const query = encodeStatusQuery({ fleetId: 'main', uid, bindingKey: by.publicKey, nonce, askedAtMs: fleet.clockMs, ...change });
  return { query, signature: by.sign(query), token: 'e30.e30.c2ln' };
}
const ask = (asked = request()): Promise<ResponseOf<typeof accountStatus>> =>
  fleet.run(fleet.gateway.call(accountStatus, asked, { node: `main-${voter}` }));
async function statement(): Promise<AccountStatement> {
  const { statement: signed } = await ask();
  verifySignedStatement(signed, fleet.roster, nodeVerifier);
  return parseAccountStatement(signed.statement);
}

describe('the statement of an account', () => {
  it('says none of an account that nobody registered', async () => {
    expect(await statement()).toMatchObject({
      status: 'none',
      index: 0,
      ver: 0,
      activeVer: 0,
      spent: 0,
      lastOk: 0,
      attempts: 3,
      node: voter,
      nonce: bytesOf('nonce'),
    });
  });

  it('says what was acknowledged, also of a node that voted for it and heard no other vote', async () => {
    fleet.end();
    fleet = await MemoryFleet.started({ n: 5, t: 3, q: 3 });
    const [home = 1] = fleet.ranked;
    voter = fleet.ranked[1] ?? 2;
    fleet.wire.fate = ({ name, from, to }) => (name === 'batch' && to === voter && from !== home ? 'lose' : 'deliver');
    await fleet.register(await versionOf(fleet.roster, 1, uid));
    expect(fleet.account(voter, uid)).toMatchObject({ state: { index: 0 }, accepted: { ballot: { node: home } } });
    expect(await statement()).toMatchObject({ status: 'active', index: 1, node: voter });
  });

  it('counts attempts, confirmations and the lock', async () => {
    const version = await versionOf(fleet.roster, 1, uid);
    await fleet.register(version);
    expect(await statement()).toMatchObject({ status: 'active', index: 1, activeVer: 1, recordHash: version.hash, spent: 0, uid });
    await fleet.submit(attemptOf('wrong', 1, uid));
    expect(await statement()).toMatchObject({ spent: 1, index: 2 });
    const right = await fleet.submit(attemptOf('right', 1, uid));
    await fleet.confirm(confirmationOf(right), voter);
    expect(await statement()).toMatchObject({ spent: 0, lastOk: 3 });
    for (const name of ['a', 'b', 'c']) await fleet.submit(attemptOf(name, 1, uid));
    expect(await statement()).toMatchObject({ status: 'locked', spent: 3, lastOk: 3 });
  });

  it('tells when a change without the owner takes effect', async () => {
    await fleet.register(await versionOf(fleet.roster, 1, uid));
    await fleet.register(await versionOf(fleet.roster, 2, uid));
    const { status, activeVer, ver, pendingAtMs } = await statement();
    expect({ status, activeVer, ver }).toEqual({ status: 'pending', activeVer: 1, ver: 2 });
    expect(pendingAtMs - fleet.clockMs).toBeGreaterThan(86_000_000);
  });

  it('is refused to whoever does not hold the key of the token, or asks for another account', async () => {
    await expect(ask(request(stranger))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask({ ...request(), signature: stranger.sign(request().query) })).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask(request(device, { uid: bytesOf('bob') }))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    fleet.machine(voter).tokens.status = 'expired';
    await expect(ask()).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('is refused for another fleet and for a question of long ago', async () => {
    await expect(ask(request(device, { fleetId: 'other' }))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(ask(request(device, { askedAtMs: fleet.clockMs - 301_000 }))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
