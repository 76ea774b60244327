import { beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOG } from '@strongroom/platform';
import { bundleDigest, consistencyProof } from '@strongroom/transparency';
import { exampleProof, loggedTrustRoot, NOW_SECONDS, type ProofChanges } from '@strongroom/transparency/example';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { readAccepted } from './accepted-bundle.js';
import { BundleRosterSource, type ConsistencySource } from './bundle-roster-source.js';
import { fleetOf, LIFETIME_MS, newKeystore, NOW_MS, publish, type Published } from './bundle.fixture.js';
import { BundleRosterHistory } from './roster-history.js';

const self = newKeystore();
const members = [self, newKeystore(), newKeystore()];
const publishLogged = (previous?: Published, attempts = 10): Published =>
  publish([fleetOf(members, { attempts })], previous, ['auditor', 'operator'], loggedTrustRoot);
const chain: Published[] = [publishLogged()];
for (let i = 1; i < 4; i++) chain.push(publishLogged(chain[i - 1]));
const proofOf = (size: number, changes: ProofChanges = {}): string =>
  exampleProof(
    chain.slice(0, size).map(({ note }) => note),
    changes,
  );
const honest: ConsistencySource = async ({ oldSize, newSize }) =>
  consistencyProof(
    chain.slice(0, newSize).map(({ text }) => bundleDigest(text)),
    oldSize,
  );
const refused = (code: string, check: string): unknown => expect.objectContaining({ code, metadata: { check } });

let store: MemoryNodeStore;
let nowMs: number;
beforeEach(() => {
  store = new MemoryNodeStore();
  nowMs = NOW_MS;
});

function open(): BundleRosterSource {
  const clock = { nowMs: () => nowMs };
  return BundleRosterSource.open({ store, keystore: self, trustRoot: loggedTrustRoot, allowBenchSuite: false, clock, log: SILENT_LOG });
}

describe('a node whose bundles are logged', () => {
  it('takes its fleet from the proof, and remembers the log beside it', async () => {
    const source = open();
    await source.accept(proofOf(1));
    expect(source.current()?.self).toBe(1);
    expect(readAccepted(store)?.memory.checkpoint).toMatchObject({ origin: 'log.example/fleet-keys', size: 1 });
  });

  it.each<readonly [what: string, check: string, make: () => string]>([
    ['a bare note', 'proof-grammar', () => chain[0]?.note ?? ''],
    ['an entry that is not the newest', 'head', () => proofOf(2, { index: 0 })],
    ['no witnesses', 'witness-quorum', () => proofOf(1, { cosigned: [] })],
    [
      'witnesses of last week',
      'freshness',
      () => proofOf(1, { cosigned: [1, 2].map((witness) => ({ witness, time: NOW_SECONDS - 8 * 86_400 })) }),
    ],
    ['a log that has not signed', 'log-signature', () => proofOf(1, { logLines: () => [] })],
  ])('never takes it with %s', async (_what, check, make) => {
    const source = open();
    await expect(source.accept(make())).rejects.toMatchObject({ metadata: { check } });
    expect([source.current(), store.snapshot().size]).toEqual([null, 0]);
  });

  it('goes on after a restart with what it accepted, though its time is over and the witnesses are silent', async () => {
    await open().accept(proofOf(1));
    nowMs += 40 * LIFETIME_MS;
    expect(open().current()?.self).toBe(1);
  });

  it('follows no log that was forked, also after a restart', async () => {
    await open().accept(proofOf(1));
    const fork = exampleProof([publishLogged(undefined, 9).note, chain[1]?.note ?? '']);
    await expect(open().accept(fork)).rejects.toEqual(refused('BUNDLE_INVALID', 'consistency'));
    await open().accept(proofOf(2));
    expect(readAccepted(store)?.memory.epoch).toBe(2);
  });

  it('follows the log over bundles that it missed, by the proof that the log only grew', async () => {
    const source = open();
    await source.accept(proofOf(1));
    await expect(source.accept(proofOf(4))).rejects.toEqual(refused('BUNDLE_INVALID', 'consistency'));
    await expect(source.accept(proofOf(4), async () => [new Uint8Array(32)])).rejects.toEqual(refused('BUNDLE_INVALID', 'consistency'));
    await expect(source.accept(proofOf(4), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await source.accept(proofOf(4), honest);
    expect(readAccepted(store)?.memory).toMatchObject({ epoch: 4, checkpoint: { size: 4 } });
  });

  it('shows a newcomer who the members were by the proof of that time, which is never too old', async () => {
    const history = new BundleRosterHistory(store, loggedTrustRoot);
    const cosigned = [1, 2].map((witness) => ({ witness, time: NOW_SECONDS + 90 * 86_400 }));
    await history.take('main', 1, proofOf(1, { cosigned }));
    expect(history.roster('main', 1)?.members).toHaveLength(3);
    const unseen = new BundleRosterHistory(new MemoryNodeStore(), loggedTrustRoot);
    await expect(unseen.take('main', 1, proofOf(1, { cosigned: [] }))).rejects.toEqual(refused('BUNDLE_INVALID', 'witness-quorum'));
    await expect(unseen.take('main', 1, chain[0]?.note ?? '')).rejects.toEqual(refused('BUNDLE_INVALID', 'proof-grammar'));
  });
});
