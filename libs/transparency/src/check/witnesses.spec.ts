import { describe, expect, it } from '@jest/globals';
import { exampleFleet, exampleNote, exampleText, NOW_MS, NOW_SECONDS } from '../example/example-bundle.js';
import { exampleProof, exampleTrustedLog, loggedTrustRoot } from '../example/example-log.js';
import { notesOf, proofOf, textAfter } from '../vectors/vector-log.js';
import { isVerified } from './check.js';
import { failure, outcomes, remembered, verify } from './logged-bundle.fixture.js';
import { CLOCK_SKEW_MS } from './state-checks.js';

const SECOND = proofOf(2);
const DAY_S = 86_400;

describe('the witnesses', () => {
  const cosigned = (...times: readonly (readonly [witness: number, time: number])[]): string =>
    proofOf(1, { cosigned: times.map(([witness, time]) => ({ witness, time })) });
  const young = NOW_SECONDS - 60;

  it('are a quorum when two of three cosigned, whichever', () => {
    for (const pair of [
      [1, 2],
      [1, 3],
      [3, 2],
    ] as const)
      expect(failure(cosigned([pair[0], young], [pair[1], young]))).toBe('accepted');
    for (const too of [
      [],
      [[2, young]],
      [
        [2, young],
        [2, young + 1],
      ],
    ] as const) {
      expect(failure(cosigned(...too))).toEqual(['witness-quorum', 'stale']);
    }
  });

  it('must have cosigned within seven days to register and thirty to recover', () => {
    const at = (ageS: number): string => cosigned([1, young], [2, NOW_SECONDS - ageS]);
    for (const [purpose, days] of [
      ['register', 7],
      ['recover', 30],
    ] as const) {
      expect(failure(at(days * DAY_S), { purpose, nowMs: NOW_MS })).toBe('accepted');
      expect(failure(at(days * DAY_S + 1), { purpose, nowMs: NOW_MS })).toEqual(['freshness', 'stale']);
    }
    expect(failure(cosigned([1, young], [2, NOW_SECONDS - 8 * DAY_S], [3, young]))).toBe('accepted');
  });

  it('count for nothing with a time that is still to come', () => {
    const skewS = CLOCK_SKEW_MS / 1000;
    expect(failure(cosigned([1, young], [2, NOW_SECONDS + skewS]))).toBe('accepted');
    expect(failure(cosigned([1, young], [2, NOW_SECONDS + skewS + 1]))).toEqual(['freshness', 'stale']);
  });

  it('missing or silent for long end no recovery in a pinned epoch, which is never called verified', () => {
    const memory = remembered(1);
    const old = cosigned([1, NOW_SECONDS - 31 * DAY_S], [2, NOW_SECONDS - 31 * DAY_S]);
    const recovered = verify(cosigned(), { memory, purpose: 'recover' });
    expect(outcomes(recovered)).toMatchObject({ 'witness-quorum': 'unwitnessed', freshness: 'unwitnessed' });
    expect(isVerified(recovered.checks.map((each) => (each.check === 'memory-saved' ? { ...each, outcome: 'ok' } : each)))).toBe(false);
    expect(outcomes(verify(old, { memory, purpose: 'recover' }))).toEqual({ freshness: 'unwitnessed', 'memory-saved': 'skipped' });
    expect(failure(old, { purpose: 'recover' })).toEqual(['freshness', 'stale']);
    expect(failure(old, { memory, purpose: 'register' })).toEqual(['freshness', 'stale']);
    const next = exampleProof(notesOf(2), { cosigned: [] });
    expect(failure(next, { memory, purpose: 'recover' })).toEqual(['witness-quorum', 'stale']);
    const other = exampleProof([exampleNote(textAfter(undefined, { attempts: 9 }))], { cosigned: [] });
    expect(failure(other, { memory, purpose: 'recover' })).toEqual(['witness-quorum', 'stale']);
  });

  it('let nothing be remembered of a checkpoint that they have not seen', () => {
    const memory = remembered(1);
    const again = notesOf(1).concat(notesOf(1));
    const forked = verify(exampleProof(again, { cosigned: [] }), { memory, purpose: 'recover' });
    expect(forked.memory).toEqual(memory);
    expect(failure(SECOND, { memory: forked.memory })).toBe('accepted');
  });

  it('are not asked of whoever carries the bundle, and their time not of one from the past', () => {
    expect(outcomes(verify(cosigned(), { purpose: 'carry' }))).toMatchObject({ 'witness-quorum': 'unwitnessed' });
    const later = { nowMs: NOW_MS - 9_000 };
    const old = cosigned([1, NOW_SECONDS + 60 * DAY_S], [2, young]);
    expect(outcomes(verify(old, { purpose: 'history', ...later }))).toEqual({ freshness: 'skipped', 'memory-saved': 'skipped' });
    expect(failure(cosigned([1, young]), { purpose: 'history', ...later })).toEqual(['witness-quorum', 'stale']);
  });

  it('are skipped, and nothing called verified, when the trust root asks for none', () => {
    const log = { ...exampleTrustedLog, witnesses: { logs: [], witnesses: [], groups: [], quorum: 'none' } };
    const trustRoot = { ...loggedTrustRoot, log };
    const source = exampleProof([exampleNote(exampleText(undefined, [exampleFleet()], trustRoot))], { cosigned: [] });
    expect(outcomes(verify(source, { trustRoot }))).toMatchObject({ 'witness-quorum': 'skipped', freshness: 'skipped' });
  });
});
