import { describe, expect, it } from '@jest/globals';
import { encodeLogValue, logValueHash } from '../entry/log-value.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { entries, otherUid, uid } from './account.fixture.js';
import { emptyAccountLog } from './account-log.js';
import { at, first, kindsOf, promised, promiseOf, proposalOf, roster, valueOf, voteInput, voteOf } from './spoken.fixture.js';

const home = rankNodes(uid, roster)[0] ?? 1;
const [a = 0, b = 0, c = 0, d = 0] = [1, 2, 3, 4, 5].filter((node) => node !== home);
const empty = emptyAccountLog(uid);
const zero = { round: 0, node: home, incarnation: 1 };
const higher = { round: 2, node: b, incarnation: 1 };
const rival = valueOf(entries.register('rival', 1));
const misbehaviour = expect.objectContaining({ code: 'NODE_MISBEHAVED' });

const proposeAt = (ballot: typeof zero, value = first, promises = [a, c, d].map((node) => promised(promiseOf(node, ballot)))) =>
  voteInput(voteOf(ballot.node, value, ballot), proposalOf(value, ballot.round === 0 ? [] : promises));
const answer = (...inputs: Parameters<typeof at>[2][]) => kindsOf(at(empty, a, ...inputs));

describe('ballot 0', () => {
  it('belongs to the home node in its first incarnation', () => {
    expect(answer(proposeAt(zero))).toEqual(['cast']);
    expect(answer(proposeAt({ ...zero, node: b }))).toEqual(['refusal CONFLICT']);
    expect(answer(proposeAt({ ...zero, incarnation: 2 }))).toEqual(['refusal CONFLICT']);
  });

  it('takes one value: the same again is the same vote, another is not answered and reported', () => {
    expect(answer(proposeAt(zero), proposeAt(zero))).toEqual(['cast']);
    expect(answer(proposeAt(zero), proposeAt(zero, rival))).toEqual(['misbehaved']);
  });

  it('is refused after a promise to a higher one', () => {
    expect(answer({ kind: 'prepare', from: b, index: 1, ballot: higher }, proposeAt(zero))).toEqual(['nack']);
  });

  it('is not voted for again after a promise to a higher one: the proposer hears of it', () => {
    expect(answer(proposeAt(zero), { kind: 'prepare', from: b, index: 1, ballot: higher }, proposeAt(zero))).toEqual(['nack']);
  });
});

describe('a proposal above ballot 0', () => {
  const reporting = promised(promiseOf(a, higher, { accepted: { ballot: zero, valueHash: logValueHash(encodeLogValue(first)) } }), first);
  const free = [c, d].map((node) => promised(promiseOf(node, higher)));

  it('is voted for with q promises', () => expect(answer(proposeAt(higher))).toEqual(['cast']));

  it('is refused without promises, with fewer than q, with more, and with one node counted twice', () => {
    const one = promised(promiseOf(a, higher));
    for (const promises of [[], free, [one, ...free, promised(promiseOf(b, higher))], [...free, ...free.slice(0, 1)]]) {
      expect(answer(proposeAt(higher, first, promises))).toEqual(['refusal CONFLICT']);
    }
  });

  it('is refused with promises of another ballot, index or account', () => {
    const others = [
      promiseOf(a, { ...higher, round: 3 }),
      promiseOf(a, { ...higher, node: c }),
      promiseOf(a, higher, { index: 2 }),
      promiseOf(a, higher, { uid: otherUid }),
    ];
    for (const other of others) expect(answer(proposeAt(higher, first, [promised(other), ...free]))).toEqual(['refusal CONFLICT']);
  });

  it('is refused with a promise that a later incarnation has fenced', () => {
    const knows = promised(promiseOf(c, higher, { incarnations: [1, 1, 1, 1, 1].map((one, i) => (i + 1 === a ? 2 : one)) }));
    expect(answer(proposeAt(higher, first, [promised(promiseOf(a, higher)), knows, promised(promiseOf(d, higher))]))).toEqual([
      'refusal CONFLICT',
    ]);
  });

  it('must be the value that its promises demand, of the highest ballot', () => {
    expect(answer(proposeAt(higher, first, [reporting, ...free]))).toEqual(['cast']);
    expect(answer(proposeAt(higher, rival, [reporting, ...free]))).toEqual(['refusal NODE_MISBEHAVED']);
    const later = { round: 1, node: c, incarnation: 1 };
    const newer = promised(promiseOf(c, higher, { accepted: { ballot: later, valueHash: logValueHash(encodeLogValue(rival)) } }), rival);
    expect(answer(proposeAt(higher, rival, [reporting, newer, promised(promiseOf(d, higher))]))).toEqual(['cast']);
    expect(answer(proposeAt(higher, first, [reporting, newer, promised(promiseOf(d, higher))]))).toEqual(['refusal NODE_MISBEHAVED']);
  });

  it('cannot rest on a value that nobody proposed', () => {
    const made = { ballot: zero, valueHash: logValueHash(encodeLogValue(rival)) };
    expect(() => promised(promiseOf(a, higher, { accepted: made }))).toThrow(misbehaviour);
    expect(() => promised(promiseOf(a, higher, { accepted: made }), first)).toThrow(misbehaviour);
    expect(() => promised(promiseOf(a, higher, { accepted: { ...made, ballot: { ...zero, node: b } } }), first)).toThrow(misbehaviour);
  });

  it('may be a value whose token has expired only when promises demand it', () => {
    const expired = (promises: typeof free) => voteInput(voteOf(b, first, higher), { ...proposalOf(first, promises), tokenExpired: true });
    expect(answer(expired([reporting, ...free]))).toEqual(['cast']);
    expect(answer(expired([promised(promiseOf(a, higher)), ...free]))).toEqual(['refusal TOKEN_INVALID']);
  });
});

describe('an entry of another account or fleet', () => {
  it('is never voted for', () => {
    for (const making of [{ of: otherUid }, { fleetId: 'eu-2' }]) {
      expect(answer(proposeAt(zero, valueOf(entries.register('v1', 1, making))))).toEqual(['refusal REQUEST_INVALID']);
    }
  });
});

describe('a prepare', () => {
  it('is promised, and binds: what is lower is refused with what was promised', () => {
    const promisedHigher = at(empty, a, { kind: 'prepare', from: b, index: 1, ballot: higher });
    expect(promisedHigher.account.promised).toEqual(higher);
    expect(
      kindsOf(at(promisedHigher.account, a, { kind: 'prepare', from: c, index: 1, ballot: { round: 1, node: c, incarnation: 1 } })),
    ).toEqual(['nack']);
    expect(kindsOf(at(promisedHigher.account, a, proposeAt({ round: 1, node: c, incarnation: 1 })))).toEqual(['nack']);
  });

  it('reports what was accepted', () => {
    const accepted = at(empty, a, proposeAt(zero));
    expect(at(accepted.account, a, { kind: 'prepare', from: b, index: 1, ballot: higher }).effects[0]).toMatchObject({
      kind: 'promise',
      promise: { accepted: { ballot: zero } },
    });
  });

  it('is not answered in the name of another, for ballot 0, or when it leaps', () => {
    for (const ballot of [
      { ...higher, node: c },
      { ...higher, round: 0 },
      { ...higher, round: 4_000_000_000 },
    ]) {
      expect(answer({ kind: 'prepare', from: b, index: 1, ballot })).toEqual([]);
    }
  });

  it('at an index that is ahead shows that this node lags', () => {
    expect(answer({ kind: 'prepare', from: b, index: 3, ballot: higher })).toEqual(['lagging']);
  });
});

describe('a rejoining node', () => {
  const low = { round: 1, node: a, incarnation: 1 };
  const accepted = { ballot: low, value: encodeLogValue(first), valueHash: logValueHash(encodeLogValue(first)), proposal: null, basis: [] };
  const adopt = { kind: 'adopt', index: 1, promised: higher, accepted } as const;

  it('takes the highest ballot promised and the highest accepted, and is bound by both', () => {
    const told = at(empty, a, adopt, { ...adopt, promised: low, accepted: null }).account;
    expect(told).toMatchObject({ promised: higher, accepted: { ballot: low } });
    expect(answer(adopt, proposeAt({ round: 1, node: c, incarnation: 1 }))).toEqual(['nack']);
    expect(at(told, a, { kind: 'prepare', from: c, index: 1, ballot: { round: 3, node: c, incarnation: 1 } }).effects[0]).toMatchObject({
      kind: 'promise',
      promise: { accepted: { ballot: low } },
    });
  });

  it('keeps its own where that is higher, and takes nothing for an index that is not open', () => {
    const own = at(empty, a, proposeAt(higher)).account;
    expect(at(own, a, { ...adopt, promised: low }).account).toEqual(own);
    expect(at(empty, a, { ...adopt, index: 2 }).account).toEqual(empty);
  });
});
