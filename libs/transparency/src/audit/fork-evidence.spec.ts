import { describe, expect, it } from '@jest/globals';
import { utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { loggedTrustRoot } from '../example/example-log.js';
import type { AuditSources } from './audit-sources.js';
import { formatForkEvidence, openForkEvidence } from './fork-evidence.js';
import { audited, checkpointOf, FORKED_TEXTS, MemoryLog, openChecks, TEXTS } from './memory-log.fixture.js';

const forkedView = utf8(checkpointOf(FORKED_TEXTS));
const FIVE = TEXTS.slice(0, 5);

async function evidenceOf(changes: Partial<AuditSources>): Promise<string> {
  const report = await audited(changes);
  expect(report.verdict).toBe('misbehaviour');
  expect(report.checkpoint).toBeUndefined();
  const [fork] = report.forks;
  if (!fork) throw new Error('no fork was found');
  return formatForkEvidence(fork);
}

describe('a log that shows two trees is proven to have signed both', () => {
  it('of different sizes, to a witness', async () => {
    const text = await evidenceOf({ witnesses: [{ name: 'w1', checkpoint: async () => forkedView }] });
    const { trees, evidence } = openForkEvidence(utf8(text));
    expect(trees.map(({ size }) => size)).toEqual([3, 5]);
    expect(evidence.log).toEqual(loggedTrustRoot.log?.vkey);
    expect(formatForkEvidence(evidence)).toBe(text);
  });

  it('of one size, to a mirror', async () => {
    const source = await MemoryLog.of(FORKED_TEXTS);
    const log = await MemoryLog.of(TEXTS.slice(0, 3));
    const text = await evidenceOf({ log, mirrors: [{ name: 'mirror', source }] });
    const { evidence, trees } = openForkEvidence(utf8(text));
    expect(trees.map(({ size }) => size)).toEqual([3, 3]);
    expect(formatForkEvidence(evidence)).toBe(text);
  });

  it('to whoever saved the other one before', async () => {
    const report = await audited({ saved: forkedView });
    expect(openChecks(report).failed).toEqual(['saved-state']);
    expect(report.forks).toHaveLength(1);
  });

  it('where a mirror holds the longer one', async () => {
    const source = await MemoryLog.of(FIVE);
    const log = await MemoryLog.of(FORKED_TEXTS);
    const text = await evidenceOf({ log, mirrors: [{ name: 'mirror', source }], witnesses: [], saved: undefined });
    expect(openForkEvidence(utf8(text)).trees.map(({ size }) => size)).toEqual([3, 5]);
  });

  it('of one size, though it shows no entries', async () => {
    const log = await MemoryLog.of(FIVE);
    log.files.delete('tile/entries/000.p/5');
    const other = checkpointOf(FIVE, { root: new Uint8Array(32).fill(9) });
    const report = await audited({ log, witnesses: [{ name: 'w1', checkpoint: async () => utf8(other) }] });
    expect(report.verdict).toBe('misbehaviour');
    expect(report.forks).toHaveLength(1);
  });
});

describe('fork evidence is refused', () => {
  const sound = evidenceOf({ witnesses: [{ name: 'w1', checkpoint: async () => forkedView }] });

  it('with bytes of its proof, keys or trees changed', async () => {
    const bytes = utf8(await sound);
    const signed = (await sound).indexOf('\n\u2014 log.example');
    for (let i = 0; i < signed; i += 5) {
      const changed = bytes.slice();
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => openForkEvidence(changed)).toThrow(FormatError);
    }
  });

  it('when it is cut short, too long or empty', async () => {
    const bytes = utf8(await sound);
    for (const length of [0, 10, bytes.length - 1, bytes.length - 200])
      expect(() => openForkEvidence(bytes.slice(0, length))).toThrow(FormatError);
    expect(() => openForkEvidence(new Uint8Array(70_000))).toThrow(FormatError);
  });

  it('of a log that only grew', () => {
    const log = loggedTrustRoot.log?.vkey;
    if (!log) throw new Error('no log');
    const [small, large] = [checkpointOf(TEXTS.slice(0, 3)), checkpointOf(FIVE)];
    expect(() => formatForkEvidence({ log, notes: [small, small] })).toThrow(FormatError);
    expect(() => formatForkEvidence({ log, notes: [small, large] })).toThrow(FormatError);
    expect(() => formatForkEvidence({ log, notes: [large, small] })).toThrow(FormatError);
  });
});
