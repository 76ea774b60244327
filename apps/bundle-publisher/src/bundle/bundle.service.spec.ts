import { beforeEach, describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import {
  bundleDigest,
  noPrevious,
  parseBundle,
  parseNote,
  signNoteText,
  treeRoot,
  verifyBundle,
  verifyConsistency,
  type FleetEvidence,
  type NoteSignature,
} from '@strongroom/transparency';
import { auditorSigner, exampleFleet, exampleTrustRoot, NOW_MS, operatorSigner } from '@strongroom/transparency/example';
import { BundleLog } from '../bundle-log/bundle-log.js';
import { Countersigner } from '../countersigner/countersigner.js';
import { Registry } from '../registry/registry.js';
import type { PublishedBundle } from './bundle.js';
import { MemoryBundleStore } from './bundle.memory.js';
import { BundleService } from './bundle.service.js';

const away = new VaultError('FLEET_UNAVAILABLE', 'away');

class FakeRegistry extends Registry {
  fleets: FleetEvidence[] = [exampleFleet({ state: 'forming' })];
  readonly marked: string[] = [];
  failing = false;

  override async evidence(): Promise<readonly FleetEvidence[]> {
    return this.fleets;
  }

  override async markActive(fleetId: string): Promise<void> {
    if (this.failing) throw away;
    this.marked.push(fleetId);
  }
}

/** Signs one text for each epoch, as the real one does; can lose answers and refuse. */
class FakeAuditor extends Countersigner {
  readonly signed = new Map<number, { text: string; digest: string }>();
  mode: 'answers' | 'loses the answer' | 'is away' | 'refuses' = 'answers';

  constructor(
    private readonly store: MemoryBundleStore,
    private readonly signer = auditorSigner,
  ) {
    super();
  }

  override async countersign(text: string): Promise<NoteSignature> {
    const { epoch } = parseBundle(text);
    if (this.mode === 'is away') throw away;
    const same = this.signed.get(epoch);
    if (same && same.text !== text) throw new VaultError('CONFLICT', 'signed', { epoch, signed: same.digest });
    if (!same && this.mode === 'refuses') throw new VaultError('REQUEST_INVALID', 'differs', { field: 'text' });
    const draft = await this.store.openDraft();
    if (!same) this.signed.set(epoch, { text, digest: draft?.digest ?? '' });
    if (this.mode === 'loses the answer') throw away;
    return signNoteText(text, exampleTrustRoot.auditor.name, this.signer);
  }
}

/** The trust root of these specs names none. */
class NoLog extends BundleLog {
  override proof(): Promise<string> {
    return Promise.reject(new Error('there is no log'));
  }
}

const noLog = new NoLog();

describe('proposing a bundle', () => {
  let store: MemoryBundleStore;
  let registry: FakeRegistry;
  let auditor: FakeAuditor;
  let nowMs = NOW_MS;
  const service = (countersigner: Countersigner = auditor): BundleService => {
    const identity = { trustRoot: exampleTrustRoot, signer: operatorSigner, validityS: 86_400 };
    return new BundleService(store, registry, countersigner, noLog, identity, { nowMs: () => nowMs });
  };
  const check = ({ note }: PublishedBundle) =>
    verifyBundle({ source: note, trustRoot: exampleTrustRoot, memory: undefined, purpose: 'register', nowMs });
  const textOf = ({ note }: PublishedBundle): string => parseNote(note).text;

  beforeEach(() => {
    store = new MemoryBundleStore();
    registry = new FakeRegistry();
    auditor = new FakeAuditor(store);
    nowMs = NOW_MS;
  });

  it('publishes a note that any client accepts, tells it once and marks the fleet active', async () => {
    const bundle = await service().propose('token');
    expect(check(bundle).bundle.fleets[0]).toMatchObject({ fleetId: 'eu-1', state: 'active' });
    expect(await service().current()).toEqual(bundle);
    expect(store.announced).toEqual([bundle]);
    expect(registry.marked).toEqual(['eu-1']);
  });

  it('proves that the log of its bundles only grew, between sizes that it had', async () => {
    const roots: Uint8Array[] = [];
    const leaves: Uint8Array[] = [];
    for (let epoch = 1; epoch <= 3; epoch++) {
      leaves.push(bundleDigest(textOf(await service().propose('token'))));
      roots.push(treeRoot(leaves));
      nowMs += 60_000;
    }
    const [, oldRoot = noPrevious(), newRoot = noPrevious()] = roots;
    const proof = await service().consistency(2, 3);
    expect(verifyConsistency({ oldSize: 2, oldRoot, newSize: 3, newRoot, proof })).toBe(true);
    for (const [oldSize, newSize] of [
      [3, 2],
      [1, 4],
      [1, 2 ** 40],
    ] as const) {
      await expect(service().consistency(oldSize, newSize)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('has no current bundle before the first', async () => {
    await expect(service().current()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('gives the same bundle when the answer was lost, and a new epoch a minute later', async () => {
    const first = await service().propose('token');
    nowMs += 59_000;
    expect(await service().propose('token')).toEqual(first);
    nowMs += 1_000;
    const second = await service().propose('token');
    expect(second.epoch).toBe(2);
    expect(
      verifyBundle({ source: second.note, trustRoot: exampleTrustRoot, memory: check(first).memory, purpose: 'register', nowMs }).bundle
        .epoch,
    ).toBe(2);
  });

  it('makes a new epoch at once when a fleet changed', async () => {
    await service().propose('token');
    registry.fleets = [exampleFleet({ state: 'draining' })];
    expect(check(await service().propose('token')).bundle).toMatchObject({ epoch: 2, fleets: [{ state: 'draining' }] });
  });

  it('publishes nothing while the auditor is away, and the same draft when it is back', async () => {
    auditor.mode = 'is away';
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(await store.current()).toBeUndefined();
    const draft = await store.openDraft();
    auditor.mode = 'answers';
    nowMs += 1_000;
    expect(textOf(await service().propose('token'))).toBe(draft?.text);
  });

  it('never asks for a second text when the auditor signed and its answer was lost', async () => {
    auditor.mode = 'loses the answer';
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    auditor.mode = 'answers';
    nowMs += 3_600_000;
    registry.fleets = [exampleFleet({ state: 'draining' })];
    const bundle = await service().propose('token');
    expect(bundle.epoch).toBe(2);
    expect(store.announced.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(textOf(store.announced[0] ?? bundle)).toBe(auditor.signed.get(1)?.text);
  });

  it('finds the draft that the auditor signed even after it was closed', async () => {
    auditor.mode = 'loses the answer';
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    const draft = await store.openDraft();
    if (draft) await store.closeDraft(draft);
    auditor.mode = 'answers';
    nowMs += 3_600_000;
    expect(textOf(await service().propose('token'))).toBe(draft?.text);
  });

  it('gives up a draft that the auditor refuses and derives it anew next time', async () => {
    auditor.mode = 'refuses';
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await store.openDraft()).toBeUndefined();
    auditor.mode = 'answers';
    nowMs += 1_000;
    expect((await service().propose('token')).epoch).toBe(1);
  });

  it('publishes nothing that the auditor signed with another key', async () => {
    await expect(service(new FakeAuditor(store, operatorSigner)).propose('token')).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      metadata: { check: 'both-signatures' },
    });
    expect(await store.current()).toBeUndefined();
    expect(store.announced).toEqual([]);
  });

  it('marks fleets active when asked again after the registry was away', async () => {
    registry.failing = true;
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    registry.failing = false;
    nowMs += 1_000;
    expect((await service().propose('token')).epoch).toBe(1);
    expect(registry.marked).toEqual(['eu-1']);
  });

  it.each([
    ['no fleet', []],
    [
      'a forged statement',
      [
        exampleFleet({
          statements: exampleFleet().statements.map((s, i) => (i === 0 ? s.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : s)),
        }),
      ],
    ],
    ['parameters below PROTOCOL 1', [exampleFleet({ q: 2 })]],
    ['a missing member', [exampleFleet({ statements: exampleFleet().statements.slice(1) })]],
  ])('refuses evidence with %s', async (_, fleets) => {
    registry.fleets = [...fleets];
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await store.openDraft()).toBeUndefined();
  });
});
