import type { LogQueue } from '@strongroom/tlog';
import { parseBundle, treeRoot } from '@strongroom/transparency';
import type { AuditStore } from '../audit/audit.store.js';
import type { AuditorIdentity } from '../identity/identity.js';
import { encodeSignatureMessage } from './signature-message.js';

/** The tree right after the bundle of this epoch was logged. */
export type SignedRoot = {
  readonly epoch: number;
  /** Root over the first `epoch` entries of the log. */
  readonly digest: Uint8Array;
  /** The root before it. */
  readonly previous: Uint8Array;
  /** When the bundle was issued. */
  readonly timestampMs: number;
  /** Ed25519 by the auditor's bundle key. */
  readonly signature: Uint8Array;
};

/** The signed tree. */
export type PlexiLog = {
  size(): number;
  /** Of the first `count` entries. */
  leafHashes(count: number): Promise<readonly Uint8Array[]>;
};

/** The log of the bundles. Leaves come from its newest tree: one of a size between two batches has no tiles of its own. */
export function plexiLogOf({ writer }: Pick<LogQueue, 'writer'>): PlexiLog {
  return {
    size: () => writer.current.checkpoint.size,
    leafHashes: (count) => {
      const tree = writer.tree();
      return Promise.all(Array.from({ length: count }, (_, index) => tree.leafHash(index)));
    },
  };
}

/**
 * What the auditor vouches for, epoch by epoch, in Plexi's terms. Everything follows from the log and from the record of
 * what was signed, and Ed25519 is deterministic: so the answer for an epoch is the same for ever.
 */
export class PlexiEpochs {
  private readonly known = new Map<number, SignedRoot>();

  constructor(
    private readonly log: PlexiLog,
    private readonly store: Pick<AuditStore, 'texts'>,
    private readonly identity: AuditorIdentity,
  ) {}

  get namespace(): string {
    return this.identity.trustRoot.namespace;
  }

  get publicKey(): Uint8Array {
    return this.identity.signer.publicKey;
  }

  /** Epochs that were logged. */
  size(): number {
    return this.log.size();
  }

  /** `undefined` for an epoch that the log does not hold. */
  async signed(epoch: number): Promise<SignedRoot | undefined> {
    if (epoch < 1 || epoch > this.size()) return undefined;
    const known = this.known.get(epoch) ?? (await this.sign(epoch));
    if (known) this.known.set(epoch, known);
    return known;
  }

  private async sign(epoch: number): Promise<SignedRoot | undefined> {
    const [text] = await this.store.texts(epoch, epoch);
    if (text === undefined) return undefined;
    const leaves = await this.log.leafHashes(epoch);
    const [digest, previous] = [treeRoot(leaves), treeRoot(leaves.slice(0, -1))];
    const message = { epoch, digest, timestampMs: parseBundle(text).issuedAt * 1000 };
    const signature = this.identity.signer.sign(encodeSignatureMessage({ namespace: this.namespace, ...message }));
    return { ...message, previous, signature };
  }
}
