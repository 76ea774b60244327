import { Injectable } from '@nestjs/common';
import { fromHex, VaultError } from '@strongroom/protocol';
import { Clock } from '@strongroom/platform';
import { assembleNote, bundleNoteOf, consistencyProof, signNoteText, type NoteSignature } from '@strongroom/transparency';
import { BundleLog } from '../bundle-log/bundle-log.js';
import { Countersigner } from '../countersigner/countersigner.js';
import { PublisherIdentity } from '../identity/identity.js';
import { Registry } from '../registry/registry.js';
import { activeFleets, isJustMade, nextDraft, verifyCandidate, type Draft, type PublishedBundle } from './bundle.js';
import { BundleStore } from './bundle.store.js';

/** One bundle an hour for more than seven years: a proof over more would cost whoever asks nothing and us much. */
const MAX_PROVEN_BUNDLES = 65_536;

/** Leads a draft to a published bundle. Every step may be the last before a crash: the next request goes on from there. */
@Injectable()
export class BundleService {
  constructor(
    private readonly store: BundleStore,
    private readonly registry: Registry,
    private readonly countersigner: Countersigner,
    private readonly bundleLog: BundleLog,
    private readonly identity: PublisherIdentity,
    private readonly clock: Clock,
  ) {}

  /** @throws NOT_FOUND before the first */
  async current(): Promise<PublishedBundle> {
    const current = await this.store.current();
    if (!current) throw new VaultError('NOT_FOUND', 'no bundle has been published');
    return current;
  }

  /**
   * The proof that the log of the bundles only grew between two sizes; its leaves are the digests of the published texts.
   * @throws NOT_FOUND for sizes that the log never had
   */
  async consistency(oldSize: number, newSize: number): Promise<readonly Uint8Array[]> {
    const leaves = newSize <= MAX_PROVEN_BUNDLES ? await this.store.digests(newSize) : [];
    if (oldSize > newSize || leaves.length !== newSize) throw new VaultError('NOT_FOUND', 'the log never had these sizes');
    return consistencyProof(
      leaves.map((digest) => fromHex(digest)),
      oldSize,
    );
  }

  /** @throws CONFLICT, REQUEST_INVALID as the auditor refuses; FLEET_UNAVAILABLE when a part is away: ask again */
  async propose(operatorToken: string): Promise<PublishedBundle> {
    const evidence = await this.registry.evidence();
    await this.finishLeftover();
    const current = await this.store.current();
    const { trustRoot, validityS } = this.identity;
    const draft = nextDraft({ trustRoot, current, evidence, nowMs: this.clock.nowMs(), validityS });
    const bundle = current && isJustMade(current, draft) ? current : await this.finish(await this.store.keepDraft(draft));
    const active = new Set(activeFleets(bundle));
    for (const { fleetId, state } of evidence) {
      if (state === 'forming' && active.has(fleetId)) await this.registry.markActive(fleetId, operatorToken);
    }
    return bundle;
  }

  /**
   * Publishes the current bundle again when the log has a proof that the witnesses saw later: clients want their word young.
   * @returns whether there was one @throws FLEET_UNAVAILABLE, BUNDLE_INVALID
   */
  async renewProof(): Promise<boolean> {
    const { trustRoot } = this.identity;
    const current = await this.store.current();
    if (!current || !trustRoot.log) return false;
    const { epoch, digest } = current;
    const source = await this.bundleLog.proof(bundleNoteOf(current.note));
    const nowMs = this.clock.nowMs();
    const seenAt = (each: string): number => verifyCandidate({ epoch, digest, source: each, trustRoot, current, nowMs }).witnessedAt;
    if (seenAt(source) <= seenAt(current.note)) return false;
    await this.store.renew({ epoch, digest, note: source });
    return true;
  }

  /** A draft from before a crash may be signed and logged already, so it is finished first, unless the auditor refuses it. */
  async finishLeftover(): Promise<void> {
    const leftover = await this.store.openDraft();
    if (!leftover) return;
    try {
      await this.finish(leftover);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }

  private async finish(draft: Draft): Promise<PublishedBundle> {
    const { draft: signed, signature } = await this.countersigned(draft);
    const { trustRoot, signer } = this.identity;
    const own = signNoteText(signed.text, trustRoot.operator.name, signer);
    const note = assembleNote(signed.text, [signature, own]);
    // The log never takes back: what it has must be published, whatever ends this process, so the draft stays open until then.
    const source = trustRoot.log ? await this.bundleLog.proof(note) : note;
    const { epoch, digest } = signed;
    const verified = verifyCandidate({ epoch, digest, source, trustRoot, current: await this.store.current() });
    const bundle = { epoch, digest, note: verified.note };
    await this.store.publish(bundle);
    return bundle;
  }

  private async countersigned(draft: Draft): Promise<{ readonly draft: Draft; readonly signature: NoteSignature }> {
    try {
      return { draft, signature: await this.countersigner.countersign(draft.text) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.store.closeDraft(draft);
      const earlier = await this.signedEarlier(error, draft);
      if (!earlier) throw error;
      return { draft: earlier, signature: await this.countersigner.countersign(earlier.text) };
    }
  }

  /** The draft of ours that the auditor says it signed for this epoch: its answer was lost, the epoch must not be. */
  private async signedEarlier(refusal: VaultError, draft: Draft): Promise<Draft | undefined> {
    const { signed } = refusal.metadata;
    if (typeof signed !== 'string' || signed === draft.digest) return undefined;
    const earlier = await this.store.draftByDigest(signed);
    return earlier?.epoch === draft.epoch ? earlier : undefined;
  }
}

function isRefusal(error: unknown): error is VaultError {
  return error instanceof VaultError && (error.code === 'REQUEST_INVALID' || error.code === 'CONFLICT');
}
