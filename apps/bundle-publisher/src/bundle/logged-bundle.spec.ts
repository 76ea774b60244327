import { beforeEach, describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import { bundleNoteOf, parseNote, signNoteText, verifyBundle, type FleetEvidence, type NoteSignature } from '@strongroom/transparency';
import { auditorSigner, exampleFleet, exampleProof, loggedTrustRoot, NOW_SECONDS, operatorSigner } from '@strongroom/transparency/example';
import { BundleLog } from '../bundle-log/bundle-log.js';
import { Countersigner } from '../countersigner/countersigner.js';
import { Registry } from '../registry/registry.js';
import { MemoryBundleStore } from './bundle.memory.js';
import { BundleService } from './bundle.service.js';

const away = new VaultError('FLEET_UNAVAILABLE', 'away');

/** A log of everything that it was given; `cosignedAt` is when its witnesses saw it. */
class FakeLog extends BundleLog {
  readonly notes: string[] = [];
  mode: 'well' | 'is away' | 'loses the answer' | 'lies' = 'well';
  cosignedAt = NOW_SECONDS;
  asked = 0;

  override async proof(note: string): Promise<string> {
    this.asked += 1;
    if (this.mode === 'is away') throw away;
    const texts = this.notes.map((each) => parseNote(each).text);
    if (!texts.includes(parseNote(note).text)) this.notes.push(note);
    if (this.mode === 'loses the answer') throw away;
    const cosigned = [1, 2].map((witness) => ({ witness, time: this.cosignedAt }));
    const index = texts.includes(parseNote(note).text) ? texts.indexOf(parseNote(note).text) : this.notes.length - 1;
    return exampleProof(this.notes, { cosigned: this.mode === 'lies' ? [] : cosigned, index });
  }
}

class Signing extends Countersigner {
  override async countersign(text: string): Promise<NoteSignature> {
    return signNoteText(text, loggedTrustRoot.auditor.name, auditorSigner);
  }
}

class FakeRegistry extends Registry {
  fleets: readonly FleetEvidence[] = [exampleFleet()];

  override async evidence(): Promise<readonly FleetEvidence[]> {
    return this.fleets;
  }

  override async markActive(): Promise<void> {}
}

describe('publishing through the log', () => {
  let store: MemoryBundleStore;
  let log: FakeLog;
  let nowMs = NOW_SECONDS * 1000;
  const service = (): BundleService => {
    const identity = { trustRoot: loggedTrustRoot, signer: operatorSigner, validityS: 86_400 };
    return new BundleService(store, new FakeRegistry(), new Signing(), log, identity, { nowMs: () => nowMs });
  };

  beforeEach(() => {
    store = new MemoryBundleStore();
    log = new FakeLog();
    nowMs = NOW_SECONDS * 1000;
  });

  it('publishes the proof, which any client accepts', async () => {
    const { note } = await service().propose('token');
    const { checks } = verifyBundle({ source: note, trustRoot: loggedTrustRoot, memory: undefined, purpose: 'register', nowMs });
    expect(checks.filter(({ outcome }) => outcome !== 'ok').map(({ check }) => check)).toEqual(['memory-saved']);
  });

  it.each(['is away', 'loses the answer', 'lies'] as const)(
    'publishes nothing when the log %s, and the same bundle later',
    async (mode) => {
      log.mode = mode;
      await expect(service().propose('token')).rejects.toMatchObject({ code: mode === 'lies' ? 'BUNDLE_INVALID' : 'FLEET_UNAVAILABLE' });
      expect(await store.current()).toBeUndefined();
      const draft = await store.openDraft();
      log.mode = 'well';
      // Days later: what the log has is published and nothing else for its epoch.
      nowMs += 3 * 86_400_000;
      log.cosignedAt = nowMs / 1000;
      await service().finishLeftover();
      expect((await store.current())?.digest).toBe(draft?.digest);
      expect(log.notes).toHaveLength(1);
    },
  );

  it('publishes a proof that witnesses saw later once more, and an older one never', async () => {
    const first = await service().propose('token');
    expect(await service().renewProof()).toBe(false);
    nowMs += 3_600_000;
    log.cosignedAt += 3_600;
    expect(await service().renewProof()).toBe(true);
    const renewed = await store.current();
    expect([renewed?.digest, bundleNoteOf(renewed?.note ?? '')]).toEqual([first.digest, bundleNoteOf(first.note)]);
    expect(store.announced).toHaveLength(2);
    log.cosignedAt -= 1_800;
    expect(await service().renewProof()).toBe(false);
    expect(await store.current()).toEqual(renewed);
  });

  it('refuses a log that shows another tree than at the last bundle', async () => {
    await service().propose('token');
    log.notes[0] = (log.notes[0] ?? '').replace('epoch 1', 'epoch 9');
    nowMs += 120_000;
    log.cosignedAt += 120;
    await expect(service().propose('token')).rejects.toMatchObject({ code: 'BUNDLE_INVALID', metadata: { check: 'consistency' } });
  });

  it('renews nothing before the first bundle', async () => {
    expect(await service().renewProof()).toBe(false);
    expect(log.asked).toBe(0);
  });
});
