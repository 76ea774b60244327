import { describe, expect, it } from '@jest/globals';
import { encodeLogValue } from '../entry/log-value.js';
import { encodeVote } from '../vote/vote.js';
import { rankNodes } from '../placement/rank-nodes.js';
import {
  entries,
  nativeVerifier,
  otherUid,
  ownerSigner,
  rosterOf,
  strangerSigner,
  confirmationOf,
  uid,
  wantedOf,
} from './account.fixture.js';
import { emptyAccountLog, lastOkOf, type AccountLog } from './account-log.js';
import { attemptsLeft, checkDecided, openVote } from './evidence.js';
import { at, first, kindsOf, promised, promiseOf, proposalOf, roster, signedBy, valueOf, voteInput, voteOf } from './spoken.fixture.js';

const home = rankNodes(uid, roster)[0] ?? 1;
const [a = 0, b = 0, c = 0, d = 0] = [1, 2, 3, 4, 5].filter((node) => node !== home);
const empty = emptyAccountLog(uid);
const zero = { round: 0, node: home, incarnation: 1 };
const rival = valueOf(entries.register('rival', 1));
const misbehaviour = expect.objectContaining({ code: 'NODE_MISBEHAVED' });

const proposal = voteInput(voteOf(home, first, zero), proposalOf(first));
const vote = (node: number, change: Parameters<typeof voteOf>[3] = {}, value = first) => voteInput(voteOf(node, value, zero, change));
const indexAfter = (...inputs: Parameters<typeof at>[2][]) => at(empty, a, ...inputs).account.state.index;

describe('an index', () => {
  it('is decided by q votes for one value at one ballot', () => {
    expect(indexAfter(proposal, vote(b), vote(c))).toBe(1);
    expect(indexAfter(vote(b), vote(c), proposal)).toBe(1);
  });

  it('is not decided by fewer, or by one node voting often', () => {
    expect(indexAfter(proposal, vote(b))).toBe(0);
    expect(indexAfter(proposal, vote(b), vote(b), vote(b), vote(b, { spent: 4 }))).toBe(0);
  });

  it('is not decided by votes for another value, account, index or ballot', () => {
    expect(indexAfter(proposal, vote(b), vote(c, {}, rival))).toBe(0);
    expect(indexAfter(proposal, vote(b), vote(c, { uid: otherUid }))).toBe(0);
    expect(indexAfter(proposal, vote(b), vote(c, { index: 2 }))).toBe(0);
    expect(indexAfter(proposal, vote(b), vote(c, { ballot: { ...zero, round: 1 } }))).toBe(0);
  });

  it('is not decided with a vote that a later incarnation has fenced', () => {
    const knows = { incarnations: [1, 1, 1, 1, 1].map((one, i) => (i + 1 === b ? 2 : one)) };
    expect(indexAfter(proposal, vote(b), vote(c, knows))).toBe(0);
    expect(indexAfter(proposal, vote(b), vote(c, knows), vote(d))).toBe(1);
    expect(indexAfter(proposal, vote(b), vote(c, knows), vote(b, knows))).toBe(1);
  });

  it('is never decided as a value that its votes did not sign', () => {
    // The proposer signs the rival and sends along the first value; then q nodes vote for the rival.
    const swapped = voteInput(voteOf(home, rival, zero), proposalOf(first));
    expect(indexAfter(swapped, vote(b, {}, rival), vote(c, {}, rival))).toBe(0);
    const late = [proposal, vote(home, {}, rival), vote(b, {}, rival), vote(c, {}, rival)];
    expect(at(empty, a, ...late).account.state.active).toBeNull();
  });

  it('keeps no more of a node than it needs: a flood costs nobody else a vote', () => {
    const flood = Array.from({ length: 100 }, (_, i) => vote(d, { index: 2 + i }));
    expect(indexAfter(proposal, vote(b), ...flood, vote(c))).toBe(1);
    expect(at(empty, a, ...flood).account.seen).toHaveLength(8);
  });
});

describe('evidence', () => {
  it('is refused from a stranger, another epoch, another fleet, or a batch of another node', () => {
    const signed = signedBy(b, encodeVote(voteOf(b, first, zero)));
    expect(openVote(signed, roster, nativeVerifier).head.node).toBe(b);
    expect(() => openVote(signed, { ...roster, epoch: 2 }, nativeVerifier)).toThrow(misbehaviour);
    expect(() => openVote({ ...signed, node: c }, roster, nativeVerifier)).toThrow(misbehaviour);
    expect(() =>
      openVote(
        signed,
        { ...roster, members: rosterOf(5, 3).members.map((member) => ({ ...member, identityKey: strangerSigner.publicKey })) },
        nativeVerifier,
      ),
    ).toThrow(misbehaviour);
    const liars = [
      voteOf(c, first, zero),
      voteOf(b, first, zero, { epoch: 2 }),
      voteOf(b, first, zero, { fleetId: 'eu-2' }),
      voteOf(b, first, zero, { incarnations: [1, 1, 1, 1] }),
    ];
    for (const liar of liars) expect(() => openVote(signedBy(b, encodeVote(liar)), roster, nativeVerifier)).toThrow(misbehaviour);
    expect(() => openVote(signedBy(b, encodeVote(voteOf(b, first, zero)), 2), roster, nativeVerifier)).toThrow(misbehaviour);
  });

  it('of a decision holds for exactly this value, account and index', () => {
    const votes = [home, b, c].map((node) => signedBy(node, encodeVote(voteOf(node, first, zero))));
    const set = { index: 1, value: encodeLogValue(first), votes };
    expect(checkDecided(set, uid, roster, nativeVerifier).votes).toHaveLength(3);
    const others = [
      { ...set, index: 2 },
      { ...set, value: encodeLogValue(rival) },
      { ...set, votes: votes.slice(1) },
      { ...set, votes: [...votes.slice(1), ...votes.slice(1)] },
    ];
    for (const other of others) expect(() => checkDecided(other, uid, roster, nativeVerifier)).toThrow(misbehaviour);
    expect(() => checkDecided(set, otherUid, roster, nativeVerifier)).toThrow(misbehaviour);
  });

  it('leaves attempts that no single voter can raise or lower', () => {
    const left = (...spent: number[]) =>
      attemptsLeft(
        spent.map((one, i) => openVote(signedBy(i + 1, encodeVote(voteOf(i + 1, first, zero, { spent: one }))), roster, nativeVerifier)),
        roster,
      );
    expect([left(4, 4, 4), left(0, 4, 4), left(60_000, 4, 4), left(10, 11, 12)]).toEqual([6, 6, 6, 0]);
  });
});

describe('a proposer', () => {
  const ballot = { round: 1, node: a, incarnation: 1 };
  const asked = at(empty, a, { kind: 'submit', ...wantedOf(first.entry) }).account;
  const told = (node: number, value: typeof first | null = null) => {
    const accepted = value === null ? null : { ballot: zero, valueHash: voteOf(home, value, zero).valueHash };
    return {
      kind: 'promise' as const,
      promise: {
        ...promised(promiseOf(node, ballot, { accepted }), value),
        value: value === null ? null : encodeLogValue(value),
        basis: [],
      },
    };
  };

  it('proposes with q promises and not before', () => {
    expect(asked.round?.phase).toBe('prepare');
    expect(kindsOf(at(asked, a, told(a), told(b)))).toEqual([]);
    expect(kindsOf(at(asked, a, told(a), told(b), told(b)))).toEqual([]);
    expect(kindsOf(at(asked, a, told(a), told(b), told(c)))).toEqual(['cast']);
  });

  it('is not stopped by a promise that reports what nobody could vote for', () => {
    const impossible = valueOf(first.entry, { lastOk: 9 });
    const decision = at(asked, a, told(a), told(home, impossible), told(b));
    expect(kindsOf(decision)).toEqual([]);
    expect(kindsOf(at(decision.account, a, told(c)))).toEqual(['cast']);
  });

  it('judges a free choice even when it has accepted the entry before', () => {
    const accepted = at(empty, a, proposal).account;
    const again: AccountLog = at({ ...accepted, promised: null }, a, { kind: 'submit', ...wantedOf(first.entry, true) }).account;
    expect(kindsOf(at(again, a, told(b), told(c), told(d)))).toEqual(['refused']);
  });
});

describe('a confirmation', () => {
  const attempt = entries.attempt('right');
  const decided = (account: AccountLog, index: number, value: typeof first) =>
    at(account, a, { kind: 'set', index, value: encodeLogValue(value), logValue: value, votes: [] }).account;
  const tried = decided(decided(empty, 1, first), 2, valueOf(attempt));
  const confirm = (account: AccountLog, confirmation = confirmationOf(attempt, 2)) => at(account, a, { kind: 'confirm', confirmation });

  it('counts for the decided attempt, by the confirm key of its version', () => {
    expect(lastOkOf(confirm(tried).account)).toBe(2);
    const others = [
      confirmationOf(attempt, 1),
      confirmationOf(attempt, 3),
      confirmationOf(entries.attempt('other'), 2),
      confirmationOf(attempt, 2, strangerSigner),
      { ...confirmationOf(attempt, 2), uid: otherUid },
      { ...confirmationOf(attempt, 2), ver: 2 },
    ];
    for (const other of others) expect(kindsOf(confirm(tried, other))).toEqual(['confirm-refused']);
  });

  it('counts for a version that was replaced meanwhile: nodes that had it before agree with those that had not', () => {
    const replaced = decided(tried, 3, valueOf(entries.register('v2', 2, { owner: ownerSigner })));
    expect(replaced.state.active?.ver).toBe(2);
    expect(lastOkOf(confirm(replaced).account)).toBe(2);
  });

  it('is harmless again and late', () => {
    const later = confirm(
      decided(confirm(tried).account, 3, valueOf(entries.attempt('again'), { lastOk: 2 })),
      confirmationOf(entries.attempt('again'), 3),
    ).account;
    expect(lastOkOf(confirm(later).account)).toBe(3);
  });
});
