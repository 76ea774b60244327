import type { Draft, PublishedBundle } from './bundle.js';

/** Published bundles and the drafts that led to them. */
export abstract class BundleStore {
  abstract current(): Promise<PublishedBundle | undefined>;

  abstract published(epoch: number): Promise<PublishedBundle | undefined>;

  /** Hexadecimal digests of the published bundles, epochs 1 to `count`; fewer when not so many were published. */
  abstract digests(count: number): Promise<readonly string[]>;

  /** The draft under way, from this process or one that died, if any. */
  abstract openDraft(): Promise<Draft | undefined>;

  /** Keeps the draft as the one under way. @returns the one under way, which another process may have kept first */
  abstract keepDraft(draft: Draft): Promise<Draft>;

  /** Any draft that was ever kept, whatever became of it. */
  abstract draftByDigest(digest: string): Promise<Draft | undefined>;

  /** The auditor refused it: it is no longer under way. */
  abstract closeDraft(draft: Draft): Promise<void>;

  /** Keeps bundle and `bundle.published` event together, ends its draft. A second time changes nothing. */
  abstract publish(bundle: PublishedBundle): Promise<void>;

  /** Puts a newer proof in the place of that of a published bundle and tells it again. Another digest changes nothing. */
  abstract renew(bundle: PublishedBundle): Promise<void>;
}
