import { Injectable } from '@nestjs/common';
import { recordStage, type entryRequest, type registerRequest } from '@strongroom/contracts';
import { Clock } from '@strongroom/platform';
import { invalid } from '@strongroom/protocol';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { fromText } from '../encoding/base64url.js';
import type { DecidedJson } from '../encoding/decided-json.js';
import { checkedEntry, type CheckedEntry } from '../fleet/checked-entry.js';
import { Collection } from '../fleet/collection.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { FleetSettings } from '../fleet/fleet-settings.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { Gathering } from '../fleet/gathering.js';
import { LivenessService } from '../liveness/liveness.service.js';
import type { Account } from '../token/account.js';
import { EntriesService } from './entries.service.js';

/** Registration, deletion and cancellation (PROTOCOL 5). */
@Injectable()
export class RecordsService {
  constructor(
    private readonly bus: GatewayBus,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
    private readonly settings: FleetSettings,
    private readonly clock: Clock,
    private readonly entries: EntriesService,
  ) {}

  /**
   * One message, all or nothing: every node is offered its share and the record, q must have checked and stored them,
   * then the entry is decided. What was staged without a decision changes nothing.
   * @throws REQUEST_INVALID, TOKEN_INVALID, BUNDLE_STALE before anything is sent; then what the nodes agree on, else FLEET_UNAVAILABLE
   */
  async register(account: Account, request: z.infer<typeof registerRequest>): Promise<DecidedJson> {
    const entry = checkedEntry(request.entry, 'register', account, this.bundles.current);
    if (request.sealed.length !== entry.fleet.n) throw invalid('sealed', `must be ${entry.fleet.n} shares`);
    const record = fromText(request.record, 'record');
    const sealed = request.sealed.map((share, i) => fromText(share, `sealed.${i}`));
    const ranked = this.liveness.ranked(entry.fleet, entry.core.uid);
    const startedAtMs = this.clock.nowMs();
    const staged = await this.stage(entry, record, sealed);
    const { hedgeMs, deadlineMs } = this.settings.patience;
    const leftMs = Math.max(hedgeMs, deadlineMs - (this.clock.nowMs() - startedAtMs));
    // Only nodes that hold the record can vote for it, so one of them proposes.
    return this.entries.decide(
      entry,
      ranked.filter((node) => staged.includes(node)),
      { hedgeMs, deadlineMs: leftMs },
    );
  }

  /** Deletion or cancellation. @throws as `register` does */
  async decide(account: Account, kind: 'delete' | 'cancel', request: z.infer<typeof entryRequest>): Promise<DecidedJson> {
    const entry = checkedEntry(request.entry, kind, account, this.bundles.current);
    return this.entries.decide(entry, this.liveness.ranked(entry.fleet, entry.core.uid), this.settings.patience);
  }

  /** Asks all nodes, the dead ones too: who comes back meanwhile has its share. @returns the nodes that hold it */
  private stage(entry: CheckedEntry, record: Uint8Array, sealed: Uint8Array[]): Promise<readonly number[]> {
    const { n, q, fleetId } = entry.fleet;
    const nodes = new FleetNodes(this.bus, fleetId);
    const request = { entry: entry.encoded, record, sealed };
    const ask = async (node: number): Promise<number> => {
      await nodes.ask(node, recordStage, request, this.settings.patience.deadlineMs);
      return node;
    };
    const all = Array.from({ length: n }, (_, i) => i + 1);
    return new Gathering(all, new Collection<number>(n, q), ask, this.settings.patience, true).result;
  }
}
