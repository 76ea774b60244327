import { describe, expect, it } from '@jest/globals';
import { utf8 } from '../encoding/octets.js';
import { exampleNote, exampleTrustRoot, NOW_MS } from '../example/example-bundle.js';
import { loggedTrustRoot } from '../example/example-log.js';
import { parseNote } from '../note/note.js';
import { formatNote } from '../note/note.js';
import { SourceUnavailable } from '../source/log-source.js';
import { proofOf, textAfter } from '../vectors/vector-log.js';
import { auditLog } from './audit.js';
import { AUDIT_CHECKS } from './audit-line.js';
import { audited, checkpointOf, FORKED_TEXTS, MemoryLog, NOTES, openChecks, TEXTS } from './memory-log.fixture.js';

const FIVE = TEXTS.slice(0, 5);
const DAY_MS = 86_400_000;
const unavailable = (): Promise<never> => Promise.reject(new SourceUnavailable('does not answer'));
const [first = '', second = '', third = ''] = TEXTS;

describe('an audit of a log that keeps to the rules', () => {
  it('passes every check that something answers, and says incomplete for the rest', async () => {
    const report = await audited();
    expect(openChecks(report)).toEqual({ failed: [], skipped: [] });
    expect(report.verdict).toBe('incomplete');
    expect(report.lines.map(({ check }) => check)).toEqual(AUDIT_CHECKS);
    expect(report.lines.map(({ number }) => number)).toEqual(AUDIT_CHECKS.map((_, i) => i + 1));
    expect(report.gossipCode).toMatch(/^5\.5\.[0-9a-f]{12}$/);
    expect(report.checkpoint).toBe(checkpointOf(FIVE));
  });

  it('tells whose keys came with which epoch', async () => {
    const { keys } = await audited();
    expect(keys.map(({ epoch, change, fleetId, index }) => [epoch, change, fleetId, index])).toEqual(
      [1, 2, 3].map((i) => [1, 'added', 'eu-1', i]),
    );
  });

  it('checks nothing without a log in the trust root', async () => {
    const log = await MemoryLog.of(FIVE);
    const report = await auditLog({ trustRoots: [exampleTrustRoot], sources: { log, mirrors: [], witnesses: [] }, nowMs: NOW_MS });
    expect(report.lines.filter(({ outcome }) => outcome === 'ok').map(({ check }) => check)).toEqual(['trust-root']);
    expect(report.verdict).toBe('incomplete');
  });
});

describe('an audit fails for', () => {
  it('a tile with one bit flipped', async () => {
    const log = await MemoryLog.of(FIVE);
    log.files.get('tile/0/000.p/5')?.fill(1, 40, 41);
    expect(openChecks(await audited({ log })).failed).toEqual(['replay']);
  });

  it('an entry bundle that is cut short', async () => {
    const log = await MemoryLog.of(FIVE);
    const bundle = log.files.get('tile/entries/000.p/5') ?? new Uint8Array();
    log.files.set('tile/entries/000.p/5', bundle.slice(0, -1));
    expect(openChecks(await audited({ log })).failed).toEqual(['replay']);
  });

  it('a tile that is not there', async () => {
    const log = await MemoryLog.of(FIVE);
    log.files.delete('tile/0/000.p/5');
    expect(openChecks(await audited({ log })).failed).toEqual(['replay']);
  });

  it('a checkpoint that another key signed', async () => {
    const note = parseNote(checkpointOf(FIVE));
    const log = await MemoryLog.of(FIVE, formatNote({ ...note, signatures: note.signatures.slice(1) }));
    const report = await audited({ log });
    expect(openChecks(report).failed).toEqual(['replay']);
    expect(report.checkpoint).toBeUndefined();
  });

  it('an epoch that is missing', async () => {
    const texts = [first, third];
    const report = await audited({ log: await MemoryLog.of(texts), mirrors: [], witnesses: [], saved: undefined });
    expect(openChecks(report).failed).toEqual(['chain', 'both-signatures', 'head']);
  });

  it('an epoch that does not name the one before', async () => {
    const texts = [first, second.replace(/^previous .*$/m, `previous ${'ab'.repeat(32)}`)];
    const report = await audited({ log: await MemoryLog.of(texts), mirrors: [], witnesses: [], saved: undefined });
    expect(openChecks(report).failed).toContain('chain');
    expect(report.lines.find(({ check }) => check === 'chain')?.saw).toBe('epoch 2 does not name the bundle before it');
  });

  it('an entry that is no bundle, and still looks at what follows it', async () => {
    const report = await audited({ log: await MemoryLog.of(['junk', second]), mirrors: [], witnesses: [], saved: undefined });
    expect(openChecks(report).failed).toContain('chain');
    expect(report.lines.find(({ check }) => check === 'chain')?.saw).toMatch(/; and 1 more$/);
  });

  it('a fleet that changes its parameters within its epoch', async () => {
    const log = await MemoryLog.of([first, textAfter(first).replace('attempts 10', 'attempts 9')]);
    expect(openChecks(await audited({ log, mirrors: [], witnesses: [], saved: undefined })).failed).toContain('succession');
  });

  it('an epoch with one signature', async () => {
    const note = parseNote(exampleNote(third));
    const one = formatNote({ ...note, signatures: note.signatures.slice(1) });
    const report = await audited({ publishedBundle: async (epoch) => (epoch === 3 ? one : NOTES[epoch - 1]) });
    expect(openChecks(report)).toEqual({ failed: ['both-signatures'], skipped: [] });
  });

  it('a signed bundle that is not the one logged', async () => {
    const report = await audited({ publishedBundle: async () => exampleNote(FORKED_TEXTS[0] ?? '') });
    expect(openChecks(report).failed).toEqual(['both-signatures']);
  });

  it('cosignatures that are too old, and one that is missing', async () => {
    const log = await MemoryLog.of(FIVE, checkpointOf(FIVE, { ageS: 8 * 86_400 }));
    expect(openChecks(await audited({ log, witnesses: [], mirrors: [] })).failed).toEqual(['witnesses']);
    const alone = await MemoryLog.of(FIVE, checkpointOf(FIVE, { witnesses: 1 }));
    expect(openChecks(await audited({ log: alone, witnesses: [] })).failed).toEqual(['witnesses']);
  });

  it('a log that was set back behind what was saved', async () => {
    const report = await audited({ saved: utf8(checkpointOf(TEXTS.slice(0, 6))) });
    expect(openChecks(report).failed).toEqual(['saved-state']);
    expect(report.verdict).toBe('failed');
  });

  it('a witness or a mirror that saw more than the log shows', async () => {
    const six = TEXTS.slice(0, 6);
    const witness = { name: 'w1', checkpoint: async () => utf8(checkpointOf(six)) };
    expect(openChecks(await audited({ witnesses: [witness] })).failed).toEqual(['same-view']);
    const mirror = { name: 'mirror', source: await MemoryLog.of(six) };
    expect(openChecks(await audited({ mirrors: [mirror] })).failed).toEqual(['same-view']);
  });

  it('a served bundle that is not the last one logged, or has expired', async () => {
    expect(openChecks(await audited({ servedBundle: async () => proofOf(4) })).failed).toEqual(['head']);
    expect(openChecks(await audited({}, NOW_MS + 2 * DAY_MS)).failed).toEqual(['head']);
  });

  it('a saved state that is none', async () => {
    expect(openChecks(await audited({ saved: utf8('junk') })).failed).toEqual(['saved-state']);
  });
});

describe('an audit leaves open', () => {
  it('what nobody was named for', async () => {
    const report = await audited({ mirrors: [], witnesses: [], publishedBundle: undefined, servedBundle: undefined });
    expect(openChecks(report)).toEqual({ failed: [], skipped: ['same-view', 'both-signatures', 'head'] });
  });

  it('what does not answer', async () => {
    const silent = { name: 'w1', checkpoint: unavailable };
    const report = await audited({ witnesses: [silent], publishedBundle: unavailable, servedBundle: unavailable });
    expect(openChecks(report)).toEqual({ failed: [], skipped: ['same-view', 'both-signatures', 'head'] });
  });

  it('everything of a log that does not answer', async () => {
    const log = await MemoryLog.of(FIVE);
    log.checkpoint = unavailable;
    expect(openChecks(await audited({ log })).failed).toEqual([]);
    const tiles = await MemoryLog.of(FIVE);
    tiles.file = (path) => (path === 'checkpoint' ? Promise.resolve(utf8(checkpointOf(FIVE))) : unavailable());
    expect((await audited({ log: tiles })).verdict).toBe('incomplete');
  });

  it('a log that signed more entries than are read', async () => {
    const log = await MemoryLog.of(FIVE, checkpointOf(FIVE, { size: Number.MAX_SAFE_INTEGER }));
    const report = await audited({ log });
    expect(openChecks(report)).toMatchObject({ failed: [] });
    expect(report.verdict).toBe('incomplete');
  });

  it('an epoch made for a trust root that was not given, and a bundle that nobody shows', async () => {
    const newer = { ...loggedTrustRoot, version: 2 };
    const log = await MemoryLog.of([first, textAfter(first, {}, newer)]);
    const report = await audited({ log, mirrors: [], witnesses: [], saved: undefined });
    expect(openChecks(report).skipped).toContain('both-signatures');
    expect(openChecks(await audited({ publishedBundle: async () => undefined })).skipped).toEqual(['both-signatures']);
  });
});
