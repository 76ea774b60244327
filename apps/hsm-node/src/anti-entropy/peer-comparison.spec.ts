import { beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY_ACCOUNT, emptyAccountLog, toHex, VaultError, type AccountLog, type Bytes, type Confirmation } from '@strongroom/protocol';
import { bytesOf } from '../node/account.fixture.js';
import { AccountIndex } from './account-index.js';
import { PeerComparison } from './peer-comparison.js';
import type { PeerQuestions } from './peer-questions.js';

/** What one side holds: accounts in memory, and their digests. */
class Side {
  readonly accounts = new Map<string, AccountLog>();
  readonly index = new AccountIndex({ load: (uid) => this.account(uid), page: () => ({ accounts: [], next: null }) }, () =>
    Promise.resolve(),
  );

  account(uid: Bytes): AccountLog {
    return this.accounts.get(toHex(uid)) ?? emptyAccountLog(uid);
  }

  hold(uid: Bytes, index: number, change: Partial<AccountLog> = {}): void {
    const account = { ...emptyAccountLog(uid), state: { ...EMPTY_ACCOUNT, index }, ...change };
    this.accounts.set(toHex(uid), account);
    this.index.set(account);
  }
}

let ours: Side;
let theirs: Side;
let fetched: string[];
let asked: { digests: number; pages: number };
let stopping: AbortController;
/** Whose row here is damaged. */
let broken: string;
/** What the peer speaks of and does not hand over. */
let stuck: Set<string>;
/** What the peer answers instead. */
let refusal: (question: { readonly group?: number | null; readonly range?: number }) => Error | null;
beforeEach(() => {
  [ours, theirs] = [new Side(), new Side()];
  fetched = [];
  asked = { digests: 0, pages: 0 };
  stopping = new AbortController();
  stuck = new Set();
  refusal = () => null;
  broken = '';
});

/** More than the accounts in vain that end a round. */
const PAGE = 24;
const none = bytesOf('none');
const questions: Pick<PeerQuestions, 'digests' | 'page'> = {
  async digests(_node, group) {
    asked.digests += 1;
    const error = refusal({ group });
    if (error !== null) throw error;
    return theirs.index.digests(group);
  },
  async page(_node, range, after) {
    asked.pages += 1;
    const error = refusal({ range });
    if (error !== null) throw error;
    const accounts = theirs.index.leaves(range, after, PAGE);
    return Promise.resolve({ accounts: [...accounts], next: accounts.length < PAGE ? null : (accounts.at(-1)?.uid ?? null) });
  },
};
async function handOver(uid: Bytes): Promise<void> {
  fetched.push(toHex(uid));
  if (stuck.has(toHex(uid))) return;
  const { state, confirmation } = theirs.account(uid);
  ours.hold(uid, state.index, { state, confirmation });
  await Promise.resolve();
}
const comparison = (firstRange = 0): PeerComparison =>
  new PeerComparison(2, firstRange, {
    index: ours.index,
    engine: {
      account: (uid) => {
        if (toHex(uid) === broken) throw new VaultError('INTERNAL', 'a row does not authenticate');
        return ours.account(uid);
      },
    },
    catchUp: { fetch: handOver },
    questions,
    pause: () => Promise.resolve(),
    signal: stopping.signal,
  });
/** So many accounts of one range, in the order of their ids. */
const inRange = (range: number, count: number): readonly Bytes[] =>
  Array.from({ length: count }, (_, i) =>
    Uint8Array.from([range >> 4, ((range & 15) << 4) | 1, i >> 8, i & 255, ...bytesOf(`${range} ${i}`, 28)]),
  );
const spread = (count: number): readonly Bytes[] => Array.from({ length: count }, (_, i) => bytesOf(`spread ${i}`));
const confirmationOf = (uid: Bytes, index: number): Confirmation => ({
  uid,
  ver: 1,
  index,
  attemptId: bytesOf('id'),
  signature: new Uint8Array(64),
});
const behind = (): number => [...theirs.accounts.values()].filter(({ uid, state }) => ours.account(uid).state.index < state.index).length;

describe('a comparison with a peer', () => {
  it('asks once where both hold the same', async () => {
    for (const uid of spread(50)) [ours, theirs].forEach((side) => side.hold(uid, 3));
    expect(await comparison().run()).toEqual({ healed: 0, failed: 0, diverged: 0, pages: 0, cut: false, refusal: null });
    expect([asked, fetched]).toEqual([{ digests: 1, pages: 0 }, []]);
  });

  it('takes what the peer has further on, or has alone, and a confirmation at the same index', async () => {
    const [further = none, alone = none, confirmed = none, same = none, less = none] = spread(5);
    ours.hold(further, 1);
    theirs.hold(further, 4);
    theirs.hold(alone, 2);
    ours.hold(confirmed, 2);
    theirs.hold(confirmed, 2, { confirmation: confirmationOf(confirmed, 2) });
    for (const side of [ours, theirs]) side.hold(same, 3);
    ours.hold(less, 5);
    theirs.hold(less, 4);
    expect(await comparison().run()).toMatchObject({ healed: 3, failed: 0, diverged: 0, cut: false });
    expect([...fetched].sort()).toEqual([further, alone, confirmed].map(toHex).sort());
    expect(ours.account(confirmed).confirmation?.index).toBe(2);
    expect(ours.account(less).state.index).toBe(5);
  });

  it('tells of states that differ at one index, and takes nothing of them', async () => {
    const [uid = none] = spread(1);
    ours.hold(uid, 2);
    theirs.hold(uid, 2, { state: { ...EMPTY_ACCOUNT, index: 2, ver: 7 } });
    expect(await comparison().run()).toMatchObject({ healed: 0, failed: 0, diverged: 1, cut: false });
    expect(fetched).toEqual([]);
  });

  it.each([0, 1_000, 4_095])('begins at range %i and leaves nothing out', async (firstRange) => {
    for (const uid of spread(30)) theirs.hold(uid, 1);
    const rounds = comparison(firstRange);
    for (let i = 0; i < 4; i++) await rounds.run();
    expect(behind()).toBe(0);
  });

  it('asks for so many pages and no more, and goes on behind them the next time', async () => {
    for (const uid of spread(400)) theirs.hold(uid, 1);
    const rounds = comparison();
    const first = await rounds.run();
    expect([first.cut, asked.pages]).toEqual([true, 32]);
    for (let i = 0; behind() > 0 && i < 200; i++) await rounds.run();
    expect(behind()).toBe(0);
    expect(new Set(fetched).size).toBe(fetched.length);
  });
});

describe('a peer with accounts that cannot be had from it', () => {
  it('is asked for a few of them in a round, and those behind them come in the next', async () => {
    const range = inRange(700, 90);
    for (const uid of range) theirs.hold(uid, 9);
    for (const uid of range.slice(0, 80)) stuck.add(toHex(uid));
    const rounds = comparison();
    const first = await rounds.run();
    expect([first.failed, first.healed, fetched.length, first.cut]).toEqual([16, 0, 16, true]);
    for (let i = 0; i < 5; i++) await rounds.run();
    expect(behind()).toBe(80);
  });

  it('keeps nobody from what is behind them on the same page', async () => {
    const range = inRange(700, PAGE);
    for (const uid of range) theirs.hold(uid, 9);
    for (const uid of range.slice(0, PAGE - 4)) stuck.add(toHex(uid));
    const rounds = comparison();
    for (let i = 0; i < 4; i++) await rounds.run();
    expect(behind()).toBe(PAGE - 4);
  });

  it('keeps nobody from the ranges behind them', async () => {
    for (const uid of inRange(3, 40)) {
      theirs.hold(uid, 9);
      stuck.add(toHex(uid));
    }
    for (const uid of inRange(4_000, 5)) theirs.hold(uid, 9);
    const rounds = comparison();
    for (let i = 0; i < 4; i++) await rounds.run();
    expect(behind()).toBe(40);
  });

  it.each([
    ['a group', (question: { readonly group?: number | null }) => question.group === 0],
    ['a range', (question: { readonly range?: number }) => question.range === 3],
  ])('that does not tell of %s keeps nobody from what is behind it', async (_what, silent) => {
    theirs.hold(inRange(3, 1)[0] ?? none, 9);
    for (const uid of inRange(4_000, 5)) theirs.hold(uid, 9);
    refusal = (question) => (silent(question) ? new VaultError('FLEET_UNAVAILABLE', 'silent') : null);
    const rounds = comparison();
    expect((await rounds.run()).refusal?.code).toBe('FLEET_UNAVAILABLE');
    await rounds.run();
    expect(behind()).toBe(1);
  });

  it('is taken the others from when one row here cannot be read', async () => {
    const [damaged = none, ...others] = inRange(5, 20);
    for (const uid of [damaged, ...others]) theirs.hold(uid, 9);
    broken = toHex(damaged);
    const rounds = comparison();
    expect(await rounds.run()).toMatchObject({ healed: 19, failed: 1, refusal: null });
    broken = '';
    expect(behind()).toBe(1);
  });

  it('says what was healed before it fell silent', async () => {
    theirs.hold(inRange(3, 1)[0] ?? none, 9);
    theirs.hold(inRange(4_000, 1)[0] ?? none, 9);
    refusal = ({ range }) => (range === 4_000 ? new VaultError('FLEET_UNAVAILABLE', 'silent') : null);
    expect(await comparison().run()).toMatchObject({ healed: 1, cut: true });
  });
});

it('a comparison ends where it is when the node stops', async () => {
  for (const uid of inRange(3, 8)) theirs.hold(uid, 9);
  const rounds = comparison();
  const running = rounds.run();
  theirs.accounts.forEach(({ uid }) => stuck.add(toHex(uid)));
  stopping.abort();
  expect(await running).toMatchObject({ healed: 0, cut: true });
  expect(fetched).toEqual([]);
});
