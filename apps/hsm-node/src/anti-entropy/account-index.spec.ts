import { beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY_ACCOUNT, emptyAccountLog, toHex, type AccountLog, type Bytes } from '@strongroom/protocol';
import { AccountRows } from '../log/account-rows.js';
import { bytesOf } from '../node/account.fixture.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { AccountIndex } from './account-index.js';
import { DIGEST_LENGTH, groupOf, rangeOf } from './account-leaf.js';

const { signal } = new AbortController();
const uids = Array.from({ length: 300 }, (_, i) => bytesOf(`account ${i}`));
/** Seven accounts of one range. */
const close = Array.from({ length: 7 }, (_, i) => Uint8Array.from([0xab, 0xc0 + i, ...bytesOf(`close ${i}`, 30)]));
const accountOf = (uid: Bytes, index = 1): AccountLog => ({ ...emptyAccountLog(uid), state: { ...EMPTY_ACCOUNT, index } });

let pauses: number;
let store: MemoryNodeStore;
let rows: AccountRows;
beforeEach(() => {
  pauses = 0;
  store = new MemoryNodeStore();
  rows = new AccountRows(store);
});
const keep = (...accounts: readonly AccountLog[]): Promise<void> => store.commit(accounts.map((account) => rows.accountWrite(account)));
const newIndex = (meanwhile: () => void = () => undefined): AccountIndex =>
  new AccountIndex(rows, () => {
    pauses += 1;
    meanwhile();
    return Promise.resolve();
  });
async function built(): Promise<AccountIndex> {
  const index = newIndex();
  await index.build(signal);
  return index;
}
const digestsOf = async (index: AccountIndex): Promise<string> => {
  const groups = Array.from({ length: 64 }, (_, group) => group);
  const all = await Promise.all([index.digests(null), ...groups.map((group) => index.digests(group))]);
  return all.map(toHex).join('');
};

describe('the digests over ranges of accounts', () => {
  it('are 64 over all, and 64 over each group', async () => {
    await keep(...uids.map((uid) => accountOf(uid)));
    const index = await built();
    expect([(await index.digests(null)).length, (await index.digests(63)).length]).toEqual([2_048, 2_048]);
  });

  it('are the same in whatever order accounts came, and whether they were read or heard of', async () => {
    const heard = newIndex();
    for (const uid of uids) heard.set(accountOf(uid));
    for (const uid of [...uids].reverse()) heard.set(accountOf(uid, 2));
    await keep(...uids.map((uid) => accountOf(uid, 2)));
    expect(await digestsOf(heard)).toBe(await digestsOf(await built()));
  });

  it('follow what changes, in its range and group alone', async () => {
    await keep(...uids.map((uid) => accountOf(uid)));
    const index = await built();
    const [before, whole] = [await index.digests(null), await digestsOf(index)];
    const [changed = new Uint8Array(32)] = uids;
    index.set(accountOf(changed, 2));
    const after = await index.digests(null);
    const at = (digests: Bytes, group: number): string => toHex(digests.subarray(group * DIGEST_LENGTH, (group + 1) * DIGEST_LENGTH));
    const different = Array.from({ length: 64 }, (_, group) => group).filter((group) => at(before, group) !== at(after, group));
    expect(different).toEqual([groupOf(rangeOf(changed))]);
    index.set(accountOf(changed));
    expect(await digestsOf(index)).toBe(whole);
  });

  it('tell a confirmation, and a state that another log has at the same index', async () => {
    const [uid = new Uint8Array(32)] = uids;
    const plain = accountOf(uid, 2);
    const confirmation = { uid, ver: 1, index: 2, attemptId: bytesOf('attempt'), signature: new Uint8Array(64) };
    const told = [plain, { ...plain, confirmation }, { ...plain, state: { ...plain.state, ver: 1 } }].map(async (account) => {
      const index = newIndex();
      index.set(account);
      return digestsOf(index);
    });
    expect(new Set(await Promise.all(told)).size).toBe(3);
  });

  it('are whole when accounts change while the rows are read for the first time', async () => {
    await keep(...uids.map((uid) => accountOf(uid)));
    const changing = [...uids];
    const index = newIndex(() => {
      for (const uid of changing.splice(0, 120)) {
        void keep(accountOf(uid, 3));
        index.set(accountOf(uid, 3));
      }
    });
    await index.build(signal);
    for (const uid of changing) index.set(accountOf(uid, 3));
    await keep(...uids.map((uid) => accountOf(uid, 3)));
    expect(await digestsOf(index)).toBe(await digestsOf(await built()));
    expect(pauses).toBeGreaterThan(1);
  });

  it('leave out accounts that only somebody spoke of', async () => {
    const index = newIndex();
    index.set(accountOf(bytesOf('nobody'), 0));
    expect(await digestsOf(index)).toBe(await digestsOf(newIndex()));
  });

  it('are not complete when the reading was broken off', async () => {
    await keep(...uids.map((uid) => accountOf(uid)));
    const stopping = new AbortController();
    const index = newIndex(() => stopping.abort());
    await index.build(stopping.signal);
    expect(index.isComplete).toBe(false);
  });
});

describe('the accounts of a range', () => {
  it('come in the order of their ids, page by page, each once', async () => {
    await keep(...close.map((uid) => accountOf(uid)), ...uids.map((uid) => accountOf(uid)));
    const index = await built();
    const range = rangeOf(close[0] ?? new Uint8Array(32));
    const all = index.leaves(range, null, 1_000).map(({ uid }) => toHex(uid));
    expect(all).toEqual([...new Set(all)].sort());
    for (const uid of close) expect(all).toContain(toHex(uid));
    const paged: string[] = [];
    for (let after: Bytes | null = null; ;) {
      const page: ReturnType<AccountIndex['leaves']> = index.leaves(range, after, 3);
      paged.push(...page.map(({ uid }) => toHex(uid)));
      const last = page.at(-1);
      if (last === undefined || page.length < 3) break;
      after = last.uid;
    }
    expect(paged).toEqual(all);
  });

  it('begin behind an id that is not among them', async () => {
    await keep(...close.map((uid) => accountOf(uid)));
    const index = await built();
    const range = rangeOf(close[0] ?? new Uint8Array(32));
    expect(index.leaves(range, Uint8Array.from([0xab, 0xc2, ...new Uint8Array(30).fill(0xff)]), 2).map(({ uid }) => uid)).toEqual(
      close.slice(3, 5),
    );
    expect(index.leaves(range, new Uint8Array(32).fill(0xff), 2)).toEqual([]);
  });
});
