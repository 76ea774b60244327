import { sha256 } from '@noble/hashes/sha2.js';
import { VaultError, fromHex, toHex, utf8 } from '@strongroom/protocol';
import {
  BundleError,
  verifyBundle,
  type BundleFleet,
  type BundleMemory,
  type TrustRoot,
  type VerifiedBundle,
} from '@strongroom/transparency';
import { z } from 'zod';
import type { DeviceStore } from '../device/device-store.js';
import type { Clock } from '../platform/clock.js';

const remembered = z.strictObject({
  epoch: z.int().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  minEpoch: z.int().min(1),
  note: z.string().max(16 * 1024),
});

/**
 * The newest validation bundle that this device has accepted. Its memory is saved before any key of it is used
 * (TRANSPARENCY 3, step 20), so that no gateway leads the device back to an older fleet.
 */
export class BundleKeeper {
  private held: VerifiedBundle | undefined;
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

  /** The bundle in use, checked again against the clock; undefined when there is none or its time is over. */
  current(): Promise<VerifiedBundle | undefined> {
    return this.inTurn(() => this.usable());
  }

  /** The fleet as earlier bundles showed it: what was decided a moment ago, in the epoch before, still holds. */
  earlier({ fleetId, epoch }: BundleFleet): readonly BundleFleet[] {
    return this.replaced.filter((old) => old.fleetId === fleetId && old.epoch < epoch);
  }

  /**
   * Checks a bundle that the gateway brought and remembers it. An older one is ignored while the newer is in use.
   * @throws BUNDLE_INVALID or BUNDLE_STALE naming the check; nothing was remembered then
   */
  accept(note: string): Promise<VerifiedBundle> {
    return this.inTurn(async () => {
      const stored = await this.load();
      try {
        const verified = verifyBundle({ note, trustRoot: this.trustRoot, memory: stored?.memory, nowMs: this.clock.nowMs() });
        if (stored?.memory.epoch !== verified.memory.epoch) {
          this.remember(await this.usable());
          await this.save(verified.memory, note);
        }
        this.held = verified;
        return verified;
      } catch (error) {
        if (!(error instanceof BundleError)) throw error;
        const held = error.kind === 'stale' ? await this.usable() : undefined;
        if (held) return held;
        throw bundleRefusal(error);
      }
    });
  }

  private remember(before: VerifiedBundle | undefined): void {
    for (const fleet of before?.bundle.fleets ?? []) {
      if (!this.replaced.some(({ fleetId, epoch }) => fleetId === fleet.fleetId && epoch === fleet.epoch)) this.replaced.push(fleet);
    }
  }

  private async usable(): Promise<VerifiedBundle | undefined> {
    if (this.held && this.held.bundle.expiresAt * 1000 > this.clock.nowMs()) return this.held;
    const stored = await this.load();
    if (!stored) return undefined;
    try {
      this.held = verifyBundle({ note: stored.note, trustRoot: this.trustRoot, memory: stored.memory, nowMs: this.clock.nowMs() });
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      // Its time is over or the trust root was replaced: the memory stays, the gateway is asked for the next bundle.
      this.held = undefined;
    }
    return this.held;
  }

  private async load(): Promise<{ readonly memory: BundleMemory; readonly note: string } | undefined> {
    const text = await this.store.read(this.name);
    if (text === null) return undefined;
    const { epoch, digest, minEpoch, note } = remembered.parse(JSON.parse(text));
    return { memory: { epoch, digest: fromHex(digest), minEpoch }, note };
  }

  private save({ epoch, digest, minEpoch }: BundleMemory, note: string): Promise<void> {
    return this.store.write(this.name, JSON.stringify({ epoch, digest: toHex(digest), minEpoch, note }));
  }

  /** One after the other: two answers with different bundles must not both be judged by the same memory. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined); // the caller gets the error; the next one starts afresh
    return result;
  }
}

function bundleRefusal(error: BundleError): VaultError {
  const code = error.kind === 'stale' ? 'BUNDLE_STALE' : 'BUNDLE_INVALID';
  return new VaultError(code, error.message, { check: error.check }, { cause: error });
}
