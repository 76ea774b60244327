import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FormatError } from '../errors/format-error.js';
import { exampleSigner } from '../example/example-bundle.js';
import { formatVkey, makeCosignerVkey, makeVkey, type CosignerVkey } from '../vkey/vkey.js';
import { formatPolicy, parsePolicy } from './parse-policy.js';
import { isQuorum, MAX_POLICY_ITEMS, quorumTime, type Policy } from './policy.js';

const witness = (seed: number): CosignerVkey => makeCosignerVkey(`witness.example/${seed}`, exampleSigner(seed).publicKey);
const KEYS = { X1: witness(1), X2: witness(2), X3: witness(3), Y1: witness(4), Y2: witness(5), Y3: witness(6) };
const LOG = makeVkey('log.example', exampleSigner(9).publicKey);
const vkeyOf = (name: keyof typeof KEYS): string => formatVkey(KEYS[name]);

/** The example of c2sp.org/tlog-policy, with keys. */
const C2SP = `log ${formatVkey(LOG)}

witness X1 ${vkeyOf('X1')}
witness X2 ${vkeyOf('X2')}
witness X3 ${vkeyOf('X3')}
group X-witnesses 2 X1 X2 X3

witness Y1 ${vkeyOf('Y1')}
witness Y2 ${vkeyOf('Y2')}
witness Y3 ${vkeyOf('Y3')}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;
const policy = parsePolicy(C2SP);
const quorum = (...names: readonly (keyof typeof KEYS)[]): boolean =>
  isQuorum(
    policy,
    names.map((name) => KEYS[name]),
  );

describe('the policy of the C2SP example', () => {
  it('has two levels of groups', () => {
    expect(policy.groups).toEqual([
      { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', 'Y3'] },
      { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ]);
  });

  it('asks for two of one organisation and one of the other', () => {
    expect([quorum('X1', 'X2', 'Y1'), quorum('X3', 'X1', 'Y3'), quorum('X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3')]).toEqual([true, true, true]);
    expect([quorum(), quorum('X1', 'Y1'), quorum('X1', 'X1', 'Y1'), quorum('X1', 'X2', 'X3'), quorum('Y1', 'Y2', 'Y3')]).toEqual(
      Array(5).fill(false),
    );
    expect(isQuorum(policy, [KEYS.X1, KEYS.X2, { ...KEYS.Y1, name: 'stranger' }])).toBe(false);
  });

  it('is as old as the oldest cosignature that the quorum needs', () => {
    const at = (times: Partial<Record<keyof typeof KEYS, number>>): number | undefined =>
      quorumTime(
        policy,
        Object.entries(times).map(([name, time]) => ({ vkey: byName(name), time })),
      );
    expect(at({ X1: 50, X2: 40, Y1: 45 })).toBe(40);
    expect(at({ X1: 50, X2: 40, X3: 48, Y1: 45, Y2: 10 })).toBe(45);
    expect(at({ X1: 50, Y1: 45 })).toBeUndefined();
    expect(quorumTime(parsePolicy('quorum none\n'), [{ vkey: KEYS.X1, time: 1 }])).toBeUndefined();
  });
});

describe('a policy', () => {
  it('may have white space, comments, addresses and names beyond ASCII', () => {
    const text = `# comment\n \t\n  # another\n\twitness  é ${vkeyOf('X1')}\thttps://w.example/ \nlog ${formatVkey(LOG)} https://l.example\nquorum é\n`;
    const read = parsePolicy(text);
    expect(read).toEqual({
      logs: [{ vkey: LOG, url: 'https://l.example' }],
      witnesses: [{ name: 'é', vkey: KEYS.X1, url: 'https://w.example/' }],
      groups: [],
      quorum: 'é',
    });
    expect(isQuorum(read, [KEYS.X1])).toBe(true);
  });

  it('may ask for no witnesses', () => {
    expect(isQuorum(parsePolicy('quorum none\n'), [])).toBe(true);
  });

  const one = `witness a ${vkeyOf('X1')}\n`;
  const two = `${one}witness b ${vkeyOf('X2')}\n`;
  it.each([
    ['no quorum', one],
    ['two quorums', `${one}quorum a\nquorum a\n`],
    ['a quorum of nobody known', `${one}quorum b\n`],
    ['a quorum before its witness', `quorum a\n${one}`],
    ['a group before its members', `group g any a\n${one}quorum g\n`],
    ['a group in itself', `group g any g\nquorum g\n`],
    ['a group without members', `${one}group g any\nquorum g\n`],
    ['a threshold of zero', `${one}group g 0 a\nquorum g\n`],
    ['a threshold above its members', `${one}group g 2 a\nquorum g\n`],
    ['a threshold with a leading zero', `${one}group g 01 a\nquorum g\n`],
    ['a threshold in words', `${one}group g some a\nquorum g\n`],
    ['a member twice in a group', `${one}group g 2 a a\nquorum g\n`],
    ['a member of two groups', `${two}group g any a\ngroup h all a b\nquorum h\n`],
    ['none as a member', `${one}group g any none\nquorum g\n`],
    ['none as a witness', `witness none ${vkeyOf('X1')}\nquorum none\n`],
    ['none as a group', `${one}group none any a\nquorum none\n`],
    ['a name twice', `${one}witness a ${vkeyOf('X2')}\nquorum a\n`],
    ['a group with the name of a witness', `${two}group a any b\nquorum a\n`],
    [
      'a key twice under two names',
      `${one}witness b ${formatVkey(makeCosignerVkey('other.example', exampleSigner(1).publicKey))}\nquorum a\n`,
    ],
    ['a log twice', `log ${formatVkey(LOG)}\nlog ${formatVkey(LOG)}\nquorum none\n`],
    ["a log's key for a witness", `witness a ${formatVkey(LOG)}\nquorum a\n`],
    ["a witness's key for a log", `log ${vkeyOf('X1')}\nquorum none\n`],
    ['an unknown line', `${one}quorum a\nsigner a\n`],
    ['too many words', `${one}quorum a b\n`],
    ['no final newline', `${one}quorum a`],
    ['a carriage return', `${one}quorum a\r\n`],
    ['a control character', `${one}quorum a\u007f\n`],
    [
      'too many witnesses',
      `${Array.from({ length: MAX_POLICY_ITEMS + 1 }, (_, i) => `witness ${i} ${formatVkey(witness(i + 1))}\n`).join('')}quorum 1\n`,
    ],
  ])('is refused with %s', (_, text) => {
    expect(() => parsePolicy(text)).toThrow(FormatError);
  });

  it('is written in one text, which means the same', () => {
    const canonical = formatPolicy(policy);
    expect(parsePolicy(canonical)).toEqual(policy);
    expect(formatPolicy(parsePolicy(canonical))).toBe(canonical);
    const unwritable: readonly Policy[] = [
      { ...policy, quorum: 'nobody' },
      { ...policy, quorum: 'X-and-Y\nquorum none' },
      { ...policy, witnesses: policy.witnesses.map((each) => ({ ...each, name: `${each.name} ` })) },
      { ...policy, logs: [{ vkey: LOG, url: 'two words' }] },
    ];
    for (const each of unwritable) expect(() => formatPolicy(each)).toThrow(FormatError);
  });

  it('is read alike however it is cut and joined, or refused', () => {
    const words = [
      'log',
      'witness',
      'group',
      'quorum',
      'a',
      'b',
      'g',
      'any',
      'all',
      '2',
      'none',
      '#',
      '\n',
      '\t',
      vkeyOf('X1'),
      vkeyOf('X2'),
      formatVkey(LOG),
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 14 }), (some) => {
        const text = `${some.join(' ')}\n`;
        try {
          const read = parsePolicy(text);
          expect(parsePolicy(formatPolicy(read))).toEqual(read);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

function byName(name: string): CosignerVkey {
  const found = policy.witnesses.find((each) => each.name === name);
  if (!found) throw new RangeError('no such witness');
  return found.vkey;
}
