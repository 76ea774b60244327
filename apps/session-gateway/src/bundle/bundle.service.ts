import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { bundleConsistency, bundleCurrent, bundlePublished } from '@strongroom/contracts';
import { Clock, Log } from '@strongroom/platform';
import { invalid, toHex, VaultError } from '@strongroom/protocol';
import { BundleError, missingConsistency, verifyBundle, type TrustRoot } from '@strongroom/transparency';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { vaultErrorOf } from '../fleet/vault-error-of.js';
import type { CurrentBundle } from './fleet-directory.js';

/** The trust root as something Nest can inject. */
export abstract class GatewayTrust {
  abstract readonly root: TrustRoot;
}

/** What depends on the fleets in force. */
export abstract class BundleFollower {
  abstract follow(bundle: CurrentBundle): Promise<void>;
}

/** Until there is a bundle. */
const FIRST_RETRY_MS = 1_000;
/** Events arrive at most once, so the gateway also asks. */
const REFRESH_MS = 30_000;

/**
 * The newest bundle, verified here before any of it is used (PROTOCOL 1: the gateway has no party's word). It only carries
 * bundles: clients ask for the witnesses themselves, so their outage keeps no gateway from serving.
 */
@Injectable()
export class BundleService implements OnApplicationBootstrap, OnApplicationShutdown {
  private held: CurrentBundle | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    private readonly bus: GatewayBus,
    private readonly trust: GatewayTrust,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly follower: BundleFollower,
  ) {}

  /** @throws FLEET_UNAVAILABLE before the first bundle */
  get current(): CurrentBundle {
    if (this.held === undefined) throw new VaultError('FLEET_UNAVAILABLE', 'no fleet was announced yet');
    return this.held;
  }

  /** Epoch of the newest bundle, 0 before the first. */
  get epoch(): number {
    return this.held?.verified.bundle.epoch ?? 0;
  }

  /**
   * The member that answers carry. Empty when the client's header says that it holds the newest one.
   * @throws REQUEST_INVALID naming the header
   */
  inline(header: unknown): { readonly bundle?: string } {
    if (header !== undefined && (typeof header !== 'string' || !/^[0-9a-f]{64}$/.test(header))) {
      throw invalid('strongroom-bundle', 'must be 64 lower-case hexadecimal digits');
    }
    const { digest, note } = this.current;
    return header === digest ? {} : { bundle: note };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.onEvent(bundlePublished, ({ note }) => this.accept(note));
    await this.refresh();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Takes a note into use when it passes every check against the newest one; else keeps that one and says so. */
  async accept(note: string): Promise<void> {
    if (note !== this.held?.note) this.verify(note, await this.consistencyFor(note));
    // Also when nothing is new: following is idempotent, and an earlier try may have failed.
    if (this.held !== undefined) await this.follower.follow(this.held);
  }

  /** Where the gateway missed bundles: the proof that the log only grew, from the publisher and believed in nothing. */
  private async consistencyFor(note: string): Promise<readonly Uint8Array[] | undefined> {
    const gap = missingConsistency(note, this.held?.verified.memory);
    return gap && (await this.consistency(gap.oldSize, gap.newSize));
  }

  /** For a client that missed bundles; it checks the proof itself. @throws NOT_FOUND, FLEET_UNAVAILABLE */
  async consistency(oldSize: number, newSize: number): Promise<readonly Uint8Array[]> {
    return (await this.bus.call(bundleConsistency, { oldSize, newSize })).proof;
  }

  private verify(note: string, consistency: readonly Uint8Array[] | undefined): void {
    try {
      const memory = this.held?.verified.memory;
      const verified = verifyBundle({
        source: note,
        trustRoot: this.trust.root,
        memory,
        purpose: 'carry',
        consistency,
        nowMs: this.clock.nowMs(),
      });
      const digest = toHex(verified.digest);
      this.held = { verified, digest, note };
      this.log.info({ event: 'bundle.accepted', epoch: verified.bundle.epoch, digest });
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      this.log.warn({ event: 'bundle.refused', check: error.check, kind: error.kind });
    }
  }

  /** Asks the publisher, now and from then on; the gateway starts without it and waits. */
  private async refresh(): Promise<void> {
    try {
      const { note } = await this.bus.call(bundleCurrent, {});
      await this.accept(note);
    } catch (error) {
      this.log.debug({ event: 'bundle.not-refreshed', reason: vaultErrorOf(error).code });
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.refresh(), this.held === undefined ? FIRST_RETRY_MS : REFRESH_MS);
    this.timer.unref();
  }
}
