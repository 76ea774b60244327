import { describe, expect, it } from '@jest/globals';
import { exampleNote, exampleProof, exampleText } from '@strongroom/transparency/example';
import { keySpans } from './key-spans.js';
import { treePicture } from './tree-picture.js';

const notes = (size: number): string[] => Array.from({ length: size }, () => exampleNote(exampleText()));

describe('the picture of the tree', () => {
  it.each([1, 2, 3, 7, 8, 9])('leads from the last of %i leaves to the root that was signed', (size) => {
    const picture = treePicture(exampleProof(notes(size)));
    expect(picture).toMatchObject({ index: size - 1, size, meets: true });
    expect(picture?.nodes.at(-1)).toMatchObject({ role: 'root', range: { from: 0, to: size }, side: 0 });
    expect(picture?.nodes.filter(({ role }) => role === 'root').length).toBe(1);
  });

  it('has a sibling on each level, on the side where its leaves are', () => {
    const nodes = treePicture(exampleProof(notes(8), { index: 5 }))?.nodes ?? [];
    const siblings = nodes.filter(({ role }) => role === 'sibling').map(({ range, side }) => [range.from, range.to, side]);
    expect(siblings).toEqual([
      [4, 5, -1],
      [6, 8, 1],
      [0, 4, -1],
    ]);
  });

  it('shows that a way misses the root', () => {
    const forged = exampleProof(notes(4), { checkpoint: { root: new Uint8Array(32) } });
    expect(treePicture(forged)).toMatchObject({ meets: false });
  });

  it.each([
    ['a bare note', exampleNote(exampleText())],
    ['an entry beyond the tree', exampleProof(notes(2), { checkpoint: { size: 1 } })],
    ['a path of another length', exampleProof(notes(2), { checkpoint: { size: 9 } })],
    ['garbage', 'c2sp.org/tlog-proof@v1\n\n'],
  ])('is none of %s', (_what, source) => {
    expect(treePicture(source)).toBeUndefined();
  });
});

describe('the timeline of keys', () => {
  const change = (epoch: number, kind: 'added' | 'removed', index: number, identityKey: string) =>
    ({ epoch, change: kind, fleetId: 'eu-1', index, identityKey, hpkeKey: '' }) as const;

  it('shows a replaced member below the one before', () => {
    const spans = keySpans([
      change(1, 'added', 2, 'bb'),
      change(1, 'added', 1, 'aa'),
      change(4, 'removed', 1, 'aa'),
      change(4, 'added', 1, 'cc'),
    ]);
    expect(spans.map(({ index, identityKey, from, until }) => [index, identityKey, from, until])).toEqual([
      [1, 'aa', 1, 4],
      [1, 'cc', 4, undefined],
      [2, 'bb', 1, undefined],
    ]);
  });

  it('shows a key that came back twice', () => {
    const spans = keySpans([change(1, 'added', 1, 'aa'), change(2, 'removed', 1, 'aa'), change(3, 'added', 1, 'aa')]);
    expect(spans.map(({ from, until }) => [from, until])).toEqual([
      [1, 2],
      [3, undefined],
    ]);
  });
});
