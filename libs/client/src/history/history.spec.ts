import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { historyResponse, PROOF_HEADER } from '@strongroom/contracts';
import { fromBase64url, nobleSigner, parseHistoryQuery, signConfirmation, toBase64url, type HistoryQuery } from '@strongroom/protocol';
import { exampleSetup, exampleToken, type ExampleSetup } from '../example/example-client.js';
import { historyPageOf, type ToldOtherwise } from '../example/example-history.js';
import type { HistoryEntry } from './vault-history.js';

const KEY = new Uint8Array(32).fill(3);
const CODE = 'correct horse 7';
const ROUTE = 'GET /v1/records/me/history';
type Answer = ReturnType<typeof historyResponse.parse>;
let setup: ExampleSetup;
let owner: ReturnType<ExampleSetup['device']>;
let stranger: ReturnType<ExampleSetup['device']>;

/** A record, a wrong guess by another device, and a right one by this. */
beforeAll(async () => {
  setup = await exampleSetup();
  [owner, stranger] = [setup.device(), setup.device()];
  await owner.protect(KEY, CODE);
  await expect(stranger.recover('wrong code 1')).rejects.toMatchObject({ code: 'CODE_WRONG' });
  await owner.recover(CODE);
}, 60_000);
beforeEach(() => {
  setup.gateway.tamper = (_route, answer) => answer;
  setup.gateway.down.clear();
  setup.gateway.calls.length = 0;
  setup.gateway.logOf(setup.token).decided.length = 3;
});

const asked = (): HistoryQuery => {
  const proof = setup.gateway.calls.findLast(({ route }) => route === ROUTE)?.headers.get(PROOF_HEADER) ?? '';
  return parseHistoryQuery(fromBase64url(proof.split('.')[0] ?? ''));
};
function tamper(change: (answer: Answer) => object): void {
  setup.gateway.tamper = (route, answer) => (route === ROUTE ? change(historyResponse.parse(answer)) : answer);
}
/** What these nodes sign instead of the truth. */
function lie(lies: Readonly<Record<number, ToldOtherwise>>): void {
  tamper((answer) => ({
    ...answer,
    pages: answer.pages.map((page) => {
      const [node, otherwise] = [setup.gateway.fleet.nodes[page.statement.node - 1], lies[page.statement.node]];
      if (node === undefined || otherwise === undefined) return page;
      return historyPageOf(setup.gateway.logOf(setup.token), setup.gateway.fleet, node, asked(), otherwise);
    }),
  }));
}
const story = ({ number, kind, confirmed, byThisDevice, agreed }: HistoryEntry): unknown[] => [
  number,
  kind,
  confirmed,
  byThisDevice,
  agreed,
];
const TRUTH = [
  [3, 'attempt', true, true, true],
  [2, 'attempt', false, false, true],
  [1, 'register', null, true, true],
];

/** A page that is whole and that nobody signed: the attempt at this index looks made by nobody. */
function pageWithout(index: number): string {
  const [node] = setup.gateway.fleet.nodes;
  if (node === undefined) throw new Error('a fleet has nodes');
  const item: ToldOtherwise['item'] = (one, at) => (at === index ? { ...one, bindingKey: new Uint8Array(32) } : one);
  return historyPageOf(setup.gateway.logOf(setup.token), setup.gateway.fleet, node, asked(), { item }).page;
}

describe('the history that an owner sees', () => {
  it('tells of guesses by others, when they were made and what came of them', async () => {
    const history = await owner.history();
    expect(history.entries.map(story)).toEqual(TRUTH);
    expect(history).toMatchObject({ fleetId: 'eu-1', newest: 3, oldest: 1, complete: true, missing: [], underWay: false });
    const [, guess] = history.entries;
    expect(guess?.shownBy).toEqual([1, 2, 3, 4, 5]);
    expect(guess?.at.getTime()).toBe(setup.gateway.logOf(setup.token).decided[1]?.value.stampMs);
    expect(guess?.device).not.toBe(history.entries[0]?.device);
  });

  it('is whole with any q nodes, and costs no attempt', async () => {
    setup.gateway.down.add(1).add(2);
    const history = await owner.history();
    expect(history.entries.map(story)).toEqual(TRUTH);
    expect(history.answeredBy).toEqual([3, 4, 5]);
    expect(await owner.status()).toMatchObject({ attemptsLeft: 10 });
  });

  it('is empty and complete before anything was decided', async () => {
    const bob = setup.device({ accountToken: async () => exampleToken('bob') });
    expect(await bob.history()).toMatchObject({ entries: [], newest: 0, oldest: 1, complete: true });
  });

  it('is refused where fewer than q nodes answer for an older page', async () => {
    const { decided } = setup.gateway.logOf(setup.token);
    for (const last = decided.slice(-1); decided.length < 69;) decided.push(...last);
    tamper((answer) => ({ ...answer, pages: answer.pages.slice(0, asked().before === 0 ? 5 : 2) }));
    await expect(owner.history()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('is fetched in pages, down to the oldest entry', async () => {
    const { decided } = setup.gateway.logOf(setup.token);
    for (const last = decided.slice(-1); decided.length < 69;) decided.push(...last);
    const history = await owner.history();
    expect(history.entries.map(({ number }) => number)).toEqual(Array.from({ length: 69 }, (_, i) => 69 - i));
    expect(history).toMatchObject({ complete: true, oldest: 1, newest: 69 });
    expect(setup.gateway.routes().filter((route) => route === ROUTE)).toHaveLength(2);
  });
});

describe('a hostile gateway or node', () => {
  it('has no forged page believed: another signature, another page, another node’s name', async () => {
    const other = toBase64url(new Uint8Array(64));
    const forged: readonly ((answer: Answer) => object)[] = [
      (a) => ({ ...a, pages: a.pages.map(({ page, statement }) => ({ page, statement: { ...statement, signature: other } })) }),
      (a) => ({ ...a, pages: a.pages.map(({ statement }) => ({ statement, page: pageWithout(2) })) }),
      (a) => ({
        ...a,
        pages: a.pages.map(({ page, statement }) => ({ page, statement: { ...statement, node: (statement.node % 5) + 1 } })),
      }),
      (a) => ({ ...a, pages: Array.from({ length: 5 }, () => a.pages[0]) }),
      (a) => ({ ...a, pages: a.pages.slice(0, 2) }),
    ];
    for (const change of forged) {
      tamper(change);
      await expect(owner.history()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    }
  });

  it('cannot drop an entry: not from a page that was signed, nor with a node that signs a shorter one', async () => {
    lie({ 1: { leftOut: 1 }, 2: { leftOut: 1 }, 3: { leftOut: 1 } });
    await expect(owner.history()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    lie({ 1: { leftOut: 1 }, 2: { leftOut: 1 } });
    expect(await owner.history()).toMatchObject({ answeredBy: [3, 4, 5], complete: true, newest: 3 });
  });

  it('cannot repeat an old history', async () => {
    const answers: object[] = [];
    setup.gateway.tamper = (route, answer) => (route === ROUTE && answers.push(answer) > 1 ? (answers[0] ?? answer) : answer);
    await owner.history();
    await expect(owner.history()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('cannot show the history of another account, or another page than was asked for', async () => {
    const bob = setup.gateway.logOf(exampleToken('bob'));
    const { fleet } = setup.gateway;
    tamper((a) => ({ ...a, pages: fleet.nodes.map((node) => historyPageOf(bob, fleet, node, { ...asked(), uid: new Uint8Array(32) })) }));
    await expect(owner.history()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    const own = setup.gateway.logOf(setup.token);
    tamper((a) => ({ ...a, pages: fleet.nodes.map((node) => historyPageOf(own, fleet, node, { ...asked(), before: 4 })) }));
    await expect(owner.history()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('cannot hide the newest entry with nodes that lag: whoever knows more is shown, marked as not agreed', async () => {
    setup.gateway.down.add(4).add(5);
    lie({ 1: { head: { index: 2 } }, 2: { head: { index: 2 } } });
    const history = await owner.history();
    expect(history).toMatchObject({ newest: 2, complete: false, missing: [3], answeredBy: [1, 2, 3] });
    expect(history.entries.map(story)[0]).toEqual([3, 'attempt', true, true, false]);
  });

  it('is asked again while the nodes that answer have not all heard of the last decision', async () => {
    setup.gateway.down.add(4).add(5);
    lie({ 1: { head: { index: 2 } } });
    const lagging = setup.gateway.tamper;
    let left = 1;
    setup.gateway.tamper = (route, answer) => (route === ROUTE && left-- > 0 ? lagging(route, answer) : answer);
    expect(await owner.history()).toMatchObject({ complete: true, newest: 3 });
    expect(setup.gateway.routes().filter((route) => route === ROUTE)).toHaveLength(2);
  });

  it('cannot pass off what one node forgot as what the fleet keeps no longer', async () => {
    setup.gateway.down.add(4).add(5);
    lie({ 1: { head: { from: 4 } } });
    const history = await owner.history();
    expect(history).toMatchObject({ complete: false, missing: [1, 2, 3] });
    expect(history.entries.map(({ agreed }) => agreed)).toEqual([false, false, false]);
  });

  it('is complete where q nodes say that an entry is too old, whatever others still show', async () => {
    const old: ToldOtherwise = { head: { from: 2 } };
    lie({ 1: old, 2: old, 3: old });
    const history = await owner.history();
    expect(history).toMatchObject({ complete: true, missing: [], oldest: 2 });
    expect(history.entries.at(-1)).toMatchObject({ number: 1, agreed: false, shownBy: [4, 5] });
  });

  it('cannot make the last entry look settled while a node holds a vote for the next', async () => {
    lie({ 2: { head: { open: true } } });
    expect(await owner.history()).toMatchObject({ underWay: true, complete: true });
  });

  it('shows what one node invents as that node’s word, and what q say beside it', async () => {
    lie({ 4: { item: (item, index) => (index === 2 ? { ...item, stampMs: 1 } : item) } });
    const history = await owner.history();
    expect(history.entries.filter(({ number }) => number === 2).map(({ agreed, shownBy }) => [agreed, shownBy])).toEqual([
      [true, [1, 2, 3, 5]],
      [false, [4]],
    ]);
    expect(history.complete).toBe(true);
  });

  it('is told as incomplete, with the number, where q nodes do not agree about an entry', async () => {
    const other = (stampMs: number): ToldOtherwise => ({ item: (item, index) => (index === 2 ? { ...item, stampMs } : item) });
    lie({ 1: other(1), 2: other(2), 3: other(3) });
    expect(await owner.history()).toMatchObject({ complete: false, missing: [2], newest: 3 });
  });

  it('cannot make a guess look confirmed, with no signature or another key’s', async () => {
    const thief = nobleSigner(new Uint8Array(32).fill(9));
    const { uid, fleetId } = { uid: setup.gateway.logOf(setup.token).decided[0]?.value.entry.core.uid ?? KEY, fleetId: 'eu-1' };
    const sign: ToldOtherwise['item'] = (item, index) =>
      index === 2 ? { ...item, confirmation: signConfirmation(thief, { fleetId, uid, ver: item.ver, index, attemptId: item.id }) } : item;
    lie({ 1: { item: sign }, 2: { item: sign }, 3: { item: sign }, 4: { item: sign }, 5: { item: sign } });
    expect((await owner.history()).entries.map(story)).toEqual(TRUTH);
    lie({ 1: { item: (item, index) => ({ ...sign(item, index), confirmKey: index === 2 ? thief.publicKey : item.confirmKey }) } });
    const two = (await owner.history()).entries.filter(({ number }) => number === 2);
    expect(two.map(({ confirmed, agreed }) => [confirmed, agreed])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('cannot hide that a guess was confirmed while one node that answers shows it', async () => {
    const silent: ToldOtherwise = { item: (item) => ({ ...item, confirmation: null }) };
    lie({ 1: silent, 2: silent, 3: silent, 4: silent });
    expect((await owner.history()).entries.map(story)).toEqual(TRUTH);
  });

  it('cannot keep a client asking with numbers that do not exist', async () => {
    lie({ 5: { head: { index: 400, from: 400 } }, 4: { head: { index: 2, from: 3 } } });
    expect(await owner.history()).toMatchObject({ newest: 3, complete: true, answeredBy: [1, 2, 3, 4, 5] });
    expect(setup.gateway.routes().filter((route) => route === ROUTE).length).toBeLessThanOrEqual(1);
  });
});
