import { describe, expect, it } from '@jest/globals';
import { formatTrustRoot } from '@strongroom/transparency';
import { exampleNote, exampleProof, exampleText, loggedTrustRoot } from '@strongroom/transparency/example';
import { kindOf, unwrapped } from './dropped.js';

describe('what is dropped on the page', () => {
  it.each([
    ['trust-root', formatTrustRoot(loggedTrustRoot)],
    ['bundle', exampleNote(exampleText())],
    ['bundle', exampleProof([exampleNote(exampleText())])],
    ['deployment', '{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}\n'],
    [undefined, ''],
    [undefined, '{}'],
    [undefined, '\u0000\u0001'],
  ])('is taken as %s', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('may be an answer of the gateway, saved as it came', () => {
    const note = exampleProof([exampleNote(exampleText())]);
    expect(unwrapped(JSON.stringify({ epoch: 1, digest: '0', note }))).toBe(note);
    expect(unwrapped('{"envelope":"x"}')).toBe('x');
  });

  it.each(['{"note":', '{"note":7}', '[]', '{}'])('is left as it is when it only looks like one: %s', (text) => {
    expect(unwrapped(text)).toBe(text);
  });
});
