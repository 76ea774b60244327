import { describe, expect, it } from '@jest/globals';
import { CHECKS, parseTrustRoot, type CheckName } from '@strongroom/transparency';
import { lookedAt } from './looked-at.js';
import { allVectors } from './vectors.fixture.js';

const names = Object.keys(CHECKS).filter((name): name is CheckName => name in CHECKS);

describe('the bytes beside a check', () => {
  it('are shown for every bundle of the corpus, and come from the file or the trust root alone', () => {
    const vectors = allVectors();
    const roots = new Map([...new Set(vectors.map(({ question }) => question.trustRoot))].map((text) => [text, parseTrustRoot(text)]));
    for (const { question } of vectors) {
      const look = lookedAt(question.source, roots.get(question.trustRoot) ?? parseTrustRoot(question.trustRoot));
      const whole = question.source + Buffer.from(/^extra (.*)$/m.exec(question.source)?.[1] ?? '', 'base64').toString('utf8');
      const shown = names.flatMap((name) => look(name)).filter(({ from }) => from !== 'the whole file' && from !== 'trust root');
      expect(shown.flatMap(({ text }) => text.split('\n')).filter((line) => !whole.includes(line))).toEqual([]);
    }
  });

  it('are there for all but the last check of a bundle with its proof', () => {
    const good = allVectors().find(({ wanted }) => wanted.accepted && Object.keys(wanted.open).length === 0);
    if (!good) throw new Error('the corpus has no good bundle');
    const look = lookedAt(good.question.source, parseTrustRoot(good.question.trustRoot));
    expect(names.filter((name) => look(name).length === 0)).toEqual(['memory-saved']);
  });
});
