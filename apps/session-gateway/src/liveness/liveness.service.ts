import { Injectable } from '@nestjs/common';
import { nodeHeartbeat } from '@strongroom/contracts';
import { Clock, type Stop } from '@strongroom/platform';
import { rankNodes, type Bytes } from '@strongroom/protocol';
import type { BundleFleet } from '@strongroom/transparency';
import { BundleFollower } from '../bundle/bundle.service.js';
import type { CurrentBundle } from '../bundle/fleet-directory.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { fleetUnavailable } from '../fleet/refusals.js';
import { HeartbeatTable, type LastHeard } from './heartbeat-table.js';

interface Followed {
  readonly fleet: BundleFleet;
  readonly table: HeartbeatTable;
  readonly stop: Stop;
}

/** How many nodes of a fleet are live, and how many it needs. */
export interface FleetHealth {
  readonly fleetId: string;
  readonly live: number;
  readonly needed: number;
  readonly nodes: number;
  readonly missingShares: number | null;
  readonly staleShares: number | null;
}

/** What is known of the nodes of one fleet, in the order of their index. */
export interface FleetNodes {
  readonly fleetId: string;
  readonly epoch: number;
  readonly needed: number;
  readonly nodes: readonly (LastHeard & { readonly node: number; readonly live: boolean })[];
}

/** Which nodes can be asked, from the heartbeats of every fleet in force. */
@Injectable()
export class LivenessService extends BundleFollower {
  private readonly followed = new Map<string, Followed>();
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly bus: GatewayBus,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Listens to the fleets of the bundle and to no others, one bundle after the other. */
  override follow(bundle: CurrentBundle): Promise<void> {
    const before = this.following;
    this.following = this.apply(bundle, before);
    return this.following;
  }

  /**
   * Live nodes of an account's fleet, its home node first when it lives.
   * @throws FLEET_UNAVAILABLE at once when fewer than q are live: nothing could be decided (PROTOCOL 7.6)
   */
  ranked(fleet: BundleFleet, uid: Bytes): readonly number[] {
    const table = this.followed.get(fleet.fleetId)?.table;
    const nowMs = this.clock.nowMs();
    const live = table === undefined ? [] : rankNodes(uid, fleet).filter((node) => table.isLive(node, nowMs));
    if (live.length < fleet.q) throw fleetUnavailable();
    return live;
  }

  health(): readonly FleetHealth[] {
    const nowMs = this.clock.nowMs();
    return [...this.followed.values()].map(({ fleet, table }) => ({
      fleetId: fleet.fleetId,
      live: table.count(nowMs),
      needed: fleet.q,
      nodes: fleet.n,
      missingShares: table.missingShares(nowMs),
      staleShares: table.staleShares(nowMs),
    }));
  }

  /** Each node of each fleet in force, as it was heard last. None of it is signed. */
  nodes(): readonly FleetNodes[] {
    const nowMs = this.clock.nowMs();
    return [...this.followed.values()].map(({ fleet, table }) => ({
      fleetId: fleet.fleetId,
      epoch: fleet.epoch,
      needed: fleet.q,
      nodes: fleet.members.map(({ index }) => ({ node: index, live: table.isLive(index, nowMs), ...table.last(index, nowMs) })),
    }));
  }

  private async apply(bundle: CurrentBundle, before: Promise<void>): Promise<void> {
    await Promise.allSettled([before]);
    const wanted = new Map(bundle.verified.bundle.fleets.filter(({ state }) => state !== 'revoked').map((fleet) => [fleet.fleetId, fleet]));
    for (const [fleetId, { fleet, stop }] of this.followed) {
      // A new epoch of a fleet is counted afresh.
      if (wanted.get(fleetId)?.epoch === fleet.epoch) wanted.delete(fleetId);
      else {
        this.followed.delete(fleetId);
        await stop();
      }
    }
    for (const fleet of wanted.values()) await this.listen(fleet);
  }

  private async listen(fleet: BundleFleet): Promise<void> {
    const table = new HeartbeatTable(fleet.n, fleet.epoch);
    const stop = await this.bus.onBroadcast(nodeHeartbeat, fleet.fleetId, (beat) => table.hear(beat, this.clock.nowMs()));
    this.followed.set(fleet.fleetId, { fleet, table, stop });
  }
}
