import { describe, expect, it } from '@jest/globals';
import { judgeBundle, withMemorySaved, type JudgedBundle } from './judge-bundle.js';
import { allVectors } from './vectors.fixture.js';

const vectors = allVectors();
const all = vectors.map(({ question }) => judgeBundle(question));
const good = vectors.find(({ wanted }) => wanted.accepted && Object.keys(wanted.open).length === 0);
const bad = vectors.find(({ wanted }) => !wanted.accepted && wanted.check === 'inclusion');
const judged = (vector: typeof good): JudgedBundle => {
  if (!vector) throw new Error('the corpus has no such bundle');
  return judgeBundle(vector.question);
};

describe('the page judges a bundle', () => {
  it('by all twenty checks, each told once and in order, whatever comes out', () => {
    expect(vectors.length).toBeGreaterThan(100);
    for (const { checks } of all) {
      expect(checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    }
  });

  it.each(vectors.map(({ name, wanted }, i) => [name, wanted, all[i]] as const))('as the corpus has it: %s', (_name, wanted, one) => {
    if (!wanted.accepted) {
      const { number, check, kind = expect.any(String) } = wanted;
      return expect(one?.refusal).toEqual({ number, check, kind });
    }
    const open = (one?.checks ?? []).filter(({ check, outcome }) => outcome !== 'ok' && check !== 'memory-saved');
    return expect(Object.fromEntries(open.map(({ check, outcome }) => [check, outcome]))).toEqual(wanted.open);
  });

  it('and never calls one verified that nobody remembers', () => {
    for (const { verdict } of all) expect(verdict).not.toBe('verified');
    expect(withMemorySaved(judged(good), 'in this browser').verdict).toBe('verified');
  });

  it('and does not reach what comes after a refusal, nor remembers it', () => {
    const { checks, verdict, verified, gossipCode } = judged(bad);
    expect(checks.slice(0, 11).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 11 }, () => 'ok'));
    expect(checks.slice(11).map(({ outcome }) => outcome)).toEqual(['FAIL', ...Array.from({ length: 8 }, () => 'unreached')]);
    expect([verdict, verified, gossipCode]).toEqual(['failed', undefined, undefined]);
    expect(withMemorySaved(judged(bad), 'in this browser')).toEqual(judged(bad));
  });

  it('and shows nothing of a stranger that could turn its text around', () => {
    if (!good) throw new Error('the corpus has no good bundle');
    const { checks } = judgeBundle({ ...good.question, source: `\u202e${good.question.source}` });
    expect(checks.map(({ saw }) => saw).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
