import { BundleStore } from './bundle.store.js';
import type { Draft, PublishedBundle } from './bundle.js';

/** For specs: what PgBundleStore does, without a database. Passes the same suite. */
export class MemoryBundleStore extends BundleStore {
  readonly announced: PublishedBundle[] = [];
  private readonly byEpoch = new Map<number, PublishedBundle>();
  private readonly drafts = new Map<string, Draft>();
  private open: Draft | undefined;

  override async current(): Promise<PublishedBundle | undefined> {
    return this.byEpoch.get(this.byEpoch.size);
  }

  override async published(epoch: number): Promise<PublishedBundle | undefined> {
    return this.byEpoch.get(epoch);
  }

  override async digests(count: number): Promise<readonly string[]> {
    const epochs = [...this.byEpoch.keys()].sort((a, b) => a - b).slice(0, count);
    return epochs.flatMap((epoch) => this.byEpoch.get(epoch)?.digest ?? []);
  }

  override async openDraft(): Promise<Draft | undefined> {
    return this.open;
  }

  override async keepDraft(draft: Draft): Promise<Draft> {
    if (this.open) return this.open;
    this.drafts.set(draft.digest, draft);
    this.open = draft;
    return draft;
  }

  override async draftByDigest(digest: string): Promise<Draft | undefined> {
    return this.drafts.get(digest);
  }

  override async closeDraft(draft: Draft): Promise<void> {
    if (this.open?.digest === draft.digest) this.open = undefined;
  }

  override async publish(bundle: PublishedBundle): Promise<void> {
    if (this.open && this.open.epoch <= bundle.epoch) this.open = undefined;
    if (this.byEpoch.has(bundle.epoch)) return;
    this.byEpoch.set(bundle.epoch, bundle);
    this.announced.push(bundle);
  }

  override async renew(bundle: PublishedBundle): Promise<void> {
    if (this.byEpoch.get(bundle.epoch)?.digest !== bundle.digest) return;
    this.byEpoch.set(bundle.epoch, bundle);
    this.announced.push(bundle);
  }
}
