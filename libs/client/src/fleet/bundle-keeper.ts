import { sha256 } from '@noble/hashes/sha2.js';
import { VaultError, toHex, utf8 } from '@strongroom/protocol';
import {
  BundleError,
  missingConsistency,
  verifyBundle,
  type BundleFleet,
  type Gap,
  type Purpose,
  type TrustRoot,
  type VerifiedBundle,
} from '@strongroom/transparency';
import type { DeviceStore } from '../device/device-store.js';
import type { Clock } from '../platform/clock.js';
import { readKept, writeKept, type KeptBundle } from './kept-bundle.js';

/** Brings the proof that the log only grew between two sizes. Believed in nothing. */
export type ConsistencySource = (gap: Gap) => Promise<readonly Uint8Array[]>;

/** For so long a bundle in use is not checked again for the same purpose: time and witnesses age by the hour. */
const CHECK_AGAIN_MS = 3_600_000;

type Held = { readonly verified: VerifiedBundle; readonly checkedAtMs: number };

/**
 * The newest validation bundle that this device has accepted. Its memory is saved before any key of it is used
 * (TRANSPARENCY 3, step 20), so that no gateway leads the device back to an older fleet or into another view of the log.
 */
export class BundleKeeper {
  /** The same bundle as each purpose takes it. */
  private held: ReadonlyMap<Purpose, Held> = new Map();
  /** Fleets of bundles that were replaced while this client ran. */
  private readonly replaced: BundleFleet[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private readonly name: string;

  constructor(
    private readonly trustRoot: TrustRoot,
    private readonly store: DeviceStore,
    private readonly clock: Clock,
  ) {
    this.name = `bundle.${toHex(sha256(utf8(trustRoot.namespace)).subarray(0, 8))}`;
  }

  /** The bundle in use, checked again for that purpose; undefined when there is none that serves it any more. */
  current(purpose: Purpose): Promise<VerifiedBundle | undefined> {
    return this.inTurn(() => this.usable(purpose));
  }

  /** The fleet as earlier bundles showed it: what was decided a moment ago, in the epoch before, still holds. */
  earlier({ fleetId, epoch }: BundleFleet): readonly BundleFleet[] {
    return this.replaced.filter((old) => old.fleetId === fleetId && old.epoch < epoch);
  }

  /**
   * Checks a bundle that the gateway brought and remembers it. An older one is ignored while the newer is in use.
   * @throws BUNDLE_INVALID or BUNDLE_STALE naming the check; nothing was remembered then
   */
  accept(source: string, purpose: Purpose, consistencyOf: ConsistencySource): Promise<VerifiedBundle> {
    return this.inTurn(async () => {
      const kept = await this.load();
      try {
        const gap = missingConsistency(source, kept?.memory);
        const verified = this.verify(source, purpose, kept, gap && (await consistencyOf(gap)));
        await this.keep(verified, source, kept);
        this.held = new Map([[purpose, { verified, checkedAtMs: this.clock.nowMs() }]]);
        return verified;
      } catch (error) {
        if (!(error instanceof BundleError)) throw error;
        const held = error.kind === 'stale' ? await this.usable(purpose) : undefined;
        if (held) return held;
        throw bundleRefusal(error);
      }
    });
  }

  /** A new epoch is remembered, and of the same one the proof that the witnesses saw last. */
  private async keep(verified: VerifiedBundle, source: string, kept: KeptBundle | undefined): Promise<void> {
    const isNew = kept?.memory.epoch !== verified.memory.epoch;
    const witnessedAt = verified.witnessedAt ?? 0;
    if (!isNew && witnessedAt <= kept.witnessedAt) return;
    if (isNew) this.remember(await this.usable('recover'));
    await this.store.write(this.name, writeKept({ memory: verified.memory, source, witnessedAt }));
  }

  private remember(before: VerifiedBundle | undefined): void {
    for (const fleet of before?.bundle.fleets ?? []) {
      if (!this.replaced.some(({ fleetId, epoch }) => fleetId === fleet.fleetId && epoch === fleet.epoch)) this.replaced.push(fleet);
    }
  }

  private async usable(purpose: Purpose): Promise<VerifiedBundle | undefined> {
    const nowMs = this.clock.nowMs();
    const held = this.held.get(purpose);
    if (held && isRecent(held, nowMs)) return held.verified;
    const kept = await this.load();
    if (!kept) return undefined;
    try {
      const verified = this.verify(kept.source, purpose, kept);
      this.held = new Map(this.held).set(purpose, { verified, checkedAtMs: nowMs });
      return verified;
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      // Its time or its witnesses' is over, or the trust root was replaced: the memory stays, the gateway is asked for the next bundle.
      return undefined;
    }
  }

  private verify(source: string, purpose: Purpose, kept: KeptBundle | undefined, consistency?: readonly Uint8Array[]): VerifiedBundle {
    return verifyBundle({ source, purpose, consistency, trustRoot: this.trustRoot, memory: kept?.memory, nowMs: this.clock.nowMs() });
  }

  private async load(): Promise<KeptBundle | undefined> {
    const text = await this.store.read(this.name);
    return text === null ? undefined : readKept(text);
  }

  /** One after the other: two answers with different bundles must not both be judged by the same memory. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined); // the caller gets the error; the next one starts afresh
    return result;
  }
}

function isRecent({ verified, checkedAtMs }: Held, nowMs: number): boolean {
  return nowMs >= checkedAtMs && nowMs - checkedAtMs < CHECK_AGAIN_MS && verified.bundle.expiresAt * 1000 > nowMs;
}

function bundleRefusal(error: BundleError): VaultError {
  const code = error.kind === 'stale' ? 'BUNDLE_STALE' : 'BUNDLE_INVALID';
  return new VaultError(code, error.message, { check: error.check }, { cause: error });
}
