import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountHistory, type RequestOf } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import {
  accountId,
  encodeHistoryQuery,
  equal,
  historyPageHash,
  parseHistoryPage,
  parseHistoryStatement,
  verifyConfirmation,
  verifySignedStatement,
  type HistoryItem,
  type HistoryStatement,
  type Signer,
} from '@strongroom/protocol';
import { attemptOf, bytesOf, confirmationOf, deletionOf, device, owner, stranger, versionOf } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

const uid = accountId('https://issuer.test', 'alice');
const DAY_MS = 86_400_000;
let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started({ attempts: 4 });
  await fleet.register(await versionOf(fleet.roster, 1, uid));
});
afterEach(() => fleet.end());

function request(by: Signer = device, change: { uid?: Uint8Array; before?: number; askedAtMs?: number } = {}) {
  const about = { fleetId: 'main', uid, bindingKey: by.publicKey, nonce: bytesOf('nonce'), askedAtMs: fleet.clockMs, before: 0 };
  const query = encodeHistoryQuery({ ...about, ...change });
  return { query, signature: by.sign(query), token: 'e30.e30.c2ln' } satisfies RequestOf<typeof accountHistory>;
}
const ask = (node: number, asked = request()) => fleet.run(fleet.gateway.call(accountHistory, asked, { node: `main-${node}` }));

interface Told extends HistoryStatement {
  readonly items: readonly HistoryItem[];
}
async function told(node = 1, before = 0): Promise<Told> {
  const { statement, page } = await ask(node, request(device, { before }));
  verifySignedStatement(statement, fleet.roster, nodeVerifier);
  const head = parseHistoryStatement(statement.statement);
  expect(head).toMatchObject({ node, before, uid, nonce: bytesOf('nonce'), pageHash: historyPageHash(page) });
  return { ...head, items: parseHistoryPage(page).items };
}
const kinds = ({ items }: Told): readonly string[] => items.map(({ kind, confirmation }) => (confirmation ? `${kind}, confirmed` : kind));

describe('the history of an account', () => {
  it('tells of every entry alike at every node: who asked, when, and which confirm key it was against', async () => {
    const { core } = attemptOf('wrong', 1, uid);
    await fleet.submit(attemptOf('wrong', 1, uid));
    const views = [await told(1), await told(2), await told(3)];
    for (const view of views) {
      expect({ index: view.index, from: view.from, open: view.open }).toEqual({ index: 2, from: 1, open: false });
      expect(kinds(view)).toEqual(['register', 'attempt']);
      expect(view.items[1]).toMatchObject({ bindingKey: core.bindingKey, byOwner: false, ver: 1, confirmation: null });
      expect(view.items[1]?.stampMs).toBe(views[0]?.items[1]?.stampMs);
      expect(view.items[1]?.valueHash).toEqual(views[0]?.items[1]?.valueHash);
    }
  });

  it('shows an attempt as confirmed by the signature that only the right code can make', async () => {
    await fleet.submit(attemptOf('wrong', 1, uid));
    const set = await fleet.submit(attemptOf('right', 1, uid));
    const { signature, attemptId } = confirmationOf(set);
    await fleet.confirm(confirmationOf(set), 2);
    await fleet.settle();
    for (const node of [1, 2, 3]) {
      const view = await told(node);
      expect(kinds(view)).toEqual(['register', 'attempt', 'attempt, confirmed']);
      const item = view.items[2];
      expect(item?.confirmation).toEqual(signature);
      const attempt = { fleetId: 'main', uid, ver: 1, index: 3, attemptId };
      expect(verifyConfirmation(nodeVerifier, item?.confirmKey ?? new Uint8Array(32), attempt, signature)).toBe(true);
    }
  });

  it('keeps a confirmation that was overtaken by a later one', async () => {
    const [first, second] = [await fleet.submit(attemptOf('a', 1, uid)), await fleet.submit(attemptOf('b', 1, uid))];
    await fleet.confirm(confirmationOf(second), 1);
    await fleet.confirm(confirmationOf(first), 1);
    expect(kinds(await told(1))).toEqual(['register', 'attempt, confirmed', 'attempt, confirmed']);
  });

  it('outlives the process, the lock and the erase', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await fleet.submit(attemptOf(name, 1, uid));
    await fleet.jump(600_001);
    await fleet.advance(2_000);
    expect(fleet.machine(1).now.vault.holds(uid, (await versionOf(fleet.roster, 1, uid)).hash)).toBe(false);
    await fleet.restart(1);
    expect(kinds(await told(1))).toEqual(['register', 'attempt', 'attempt', 'attempt', 'attempt']);
  });

  it('is written with the decision itself: a node that dies before its flush tells of neither', async () => {
    const { disk } = fleet.machine(1);
    disk.failCommits(1);
    await fleet.submit(attemptOf('a', 1, uid)).catch(() => undefined);
    await fleet.advance(2_000);
    await fleet.restart(1);
    const view = await told(1);
    expect(view.items).toHaveLength(fleet.account(1, uid).state.index);
    expect(view.index).toBe(fleet.account(1, uid).state.index);
  });

  it('is had by a node that was away, with the time at which it learned of it', async () => {
    fleet.machine(3).kill();
    await fleet.submit(attemptOf('a', 1, uid));
    await fleet.jump(3_600_000);
    await fleet.restart(3);
    await fleet.submit(attemptOf('b', 1, uid));
    const [there, away] = [await told(1), await told(3)];
    expect(kinds(away)).toEqual(['register', 'attempt', 'attempt']);
    expect(away.items[1]?.stampMs).toBe(there.items[1]?.stampMs);
    expect((away.items[1]?.seenAtMs ?? 0) - (there.items[1]?.seenAtMs ?? 0)).toBeGreaterThan(3_000_000);
  });

  it('carries no token and nothing of what an attempt was made of', async () => {
    const entry = attemptOf('a', 1, uid);
    await fleet.submit(entry);
    const { page } = await ask(1);
    if (entry.core.kind !== 'attempt') throw new Error('an attempt');
    const { blinded, ephemeralKey } = entry.core;
    for (const part of [new TextEncoder().encode(entry.token), blinded, ephemeralKey, entry.signature])
      expect(Buffer.from(page).includes(Buffer.from(part))).toBe(false);
    expect(Buffer.from(page).includes(Buffer.from(entry.core.bindingKey))).toBe(true);
  });
});

describe('what ends in a history', () => {
  it('is told no more after 90 days, and gone from the disk soon after', async () => {
    await fleet.submit(attemptOf('a', 1, uid));
    const rows = (): number => [...fleet.machine(1).disk.snapshot().keys()].filter((name) => name.startsWith('history/')).length;
    await fleet.jump(60 * DAY_MS);
    await fleet.submit(attemptOf('b', 1, uid));
    expect((await told(1)).from).toBe(1);
    await fleet.jump(30 * DAY_MS + 1);
    const view = await told(1);
    expect({ from: view.from, kinds: kinds(view), rows: rows() }).toEqual({ from: 3, kinds: ['attempt'], rows: 3 });
    await fleet.jump(2 * 3_600_000);
    await fleet.restart(1);
    await fleet.advance(500);
    expect(rows()).toBe(1);
    expect(kinds(await told(1))).toEqual(['attempt']);
  });

  it('is what came before the owner’s own deletion, confirmations with it', async () => {
    await fleet.confirm(confirmationOf(await fleet.submit(attemptOf('a', 1, uid))), 1);
    await fleet.submit(deletionOf(2, owner, uid));
    const left = [...fleet.machine(1).disk.snapshot().keys()].filter((name) => name.startsWith('history'));
    expect({ left: left.length, kinds: kinds(await told(1)), from: (await told(1)).from }).toEqual({ left: 1, kinds: ['delete'], from: 3 });
    await fleet.register(await versionOf(fleet.roster, 3, uid));
    expect(kinds(await told(1))).toEqual(['delete', 'register']);
  });

  it('is not what a stranger deletes: who guessed before stays to be seen', async () => {
    await fleet.submit(attemptOf('a', 1, uid));
    await fleet.submit(deletionOf(2, null, uid));
    await fleet.jump(2 * DAY_MS);
    await fleet.advance(2_000);
    expect(fleet.machine(1).now.vault.holds(uid, (await versionOf(fleet.roster, 1, uid)).hash)).toBe(false);
    expect(kinds(await told(1))).toEqual(['register', 'attempt', 'delete']);
  });

  it('is told in pages, each ending before the one that was told', async () => {
    for (let ver = 2; ver < 70; ver++) await fleet.register(await versionOf(fleet.roster, ver, uid));
    const [newest, older] = [await told(1), await told(1, 6)];
    expect([newest.items.length, older.items.length]).toEqual([64, 5]);
    expect([newest.items[0]?.ver, older.items[0]?.ver, older.items[4]?.ver]).toEqual([6, 1, 5]);
  });
});

describe('the question for a history', () => {
  it('is refused to whoever does not hold the key of the token, asks for another account, or repeats an old one', async () => {
    await expect(ask(1, request(stranger))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask(1, { ...request(), signature: stranger.sign(request().query) })).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask(1, request(device, { uid: bytesOf('bob') }))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask(1, request(device, { askedAtMs: fleet.clockMs - 301_000 }))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(equal(uid, bytesOf('bob'))).toBe(false);
  });
});
