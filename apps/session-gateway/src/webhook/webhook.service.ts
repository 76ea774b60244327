import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { accountNotice, NOTICE_STREAM_API, type MessageOf } from '@strongroom/contracts';
import { Clock, Log, nodeVerifier, SystemRandom, type Stop } from '@strongroom/platform';
import { accountNoticeMessage, type Bytes, type Secret } from '@strongroom/protocol';
import type { BundleFleet } from '@strongroom/transparency';
import { BundleFollower } from '../bundle/bundle.service.js';
import type { CurrentBundle } from '../bundle/fleet-directory.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { vaultErrorOf } from '../fleet/vault-error-of.js';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { NoticeTally } from './notice-tally.js';
import { webhookMessage } from './webhook-message.js';
import { GIVE_UP_MS, WebhookSender } from './webhook-sender.js';

/** Where the application hears of what happens to its users' accounts. */
export abstract class WebhookTarget {
  abstract readonly target: { readonly url: string; readonly secret: Secret<Bytes> } | null;
}

/** Makes webhooks of what q nodes of a verified fleet have signed (PROTOCOL 4.8). Without a target it listens to nothing. */
@Injectable()
export class WebhookService extends BundleFollower implements OnModuleDestroy {
  private readonly tally = new NoticeTally();
  private readonly sender: WebhookSender | null;
  private readonly followed = new Map<string, { fleet: BundleFleet; readonly stop: Stop }>();
  private following: Promise<void> = Promise.resolve();
  private caughtUp = false;

  constructor(
    private readonly target: WebhookTarget,
    private readonly bus: GatewayBus,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: GatewayMetrics,
  ) {
    super();
    const later = (ms: number, work: () => void): (() => void) => {
      const timer = setTimeout(work, ms).unref();
      return () => clearTimeout(timer);
    };
    const given = target.target;
    const ports = { clock, random: new SystemRandom(), log, later, post: fetch, counted: metrics.webhook };
    this.sender = given === null ? null : new WebhookSender({ ...given, ...ports });
  }

  onModuleDestroy(): void {
    this.sender?.stop();
  }

  /** Listens to the fleets of the bundle, one bundle after the other. */
  override follow(bundle: CurrentBundle): Promise<void> {
    if (this.sender === null) return Promise.resolve();
    const before = this.following;
    this.following = Promise.allSettled([before]).then(() => this.apply(bundle));
    void this.following.then(() => this.catchUp());
    return this.following;
  }

  private async apply(bundle: CurrentBundle): Promise<void> {
    const wanted = new Map(bundle.verified.bundle.fleets.filter(({ state }) => state !== 'revoked').map((fleet) => [fleet.fleetId, fleet]));
    for (const [fleetId, { stop }] of this.followed) {
      if (wanted.has(fleetId)) continue;
      this.followed.delete(fleetId);
      await stop();
    }
    for (const [fleetId, fleet] of wanted) {
      const known = this.followed.get(fleetId);
      if (known !== undefined) known.fleet = fleet;
      else
        this.followed.set(fleetId, { fleet, stop: await this.bus.onBroadcast(accountNotice, fleetId, (said) => this.hear(fleetId, said)) });
    }
  }

  /**
   * What nodes said while no gateway was there, or was not delivered before this one ended: told again, under the ids that
   * it had. Once, when the first fleet is known.
   */
  private async catchUp(): Promise<void> {
    if (this.caughtUp || this.followed.size === 0) return;
    this.caughtUp = true;
    try {
      for await (const said of this.bus.kept(accountNotice, NOTICE_STREAM_API)) {
        for (const fleetId of this.followed.keys()) this.hear(fleetId, said);
      }
    } catch (error) {
      this.log.info({ event: 'webhook.nothing-kept', reason: vaultErrorOf(error).code });
    }
  }

  /** What is old was told when it happened: a node that catches up tells it again. */
  private hear(fleetId: string, { signature, ...said }: MessageOf<typeof accountNotice>): void {
    const { sender } = this;
    const given = this.target.target;
    const fleet = this.followed.get(fleetId)?.fleet;
    const member = fleet?.members.find(({ index }) => index === said.node);
    if (sender === null || given === null || fleet === undefined || member === undefined || said.epoch !== fleet.epoch) return;
    if (this.clock.nowMs() - said.atMs > GIVE_UP_MS) return;
    const notice = { ...said, fleetId };
    if (!nodeVerifier.verify(member.identityKey, accountNoticeMessage(notice), signature)) return;
    if (this.tally.count(notice, fleet.q)) sender.send(webhookMessage(notice, given.secret));
  }
}
