import { Injectable } from '@nestjs/common';
import { nodeVerifier } from '@strongroom/platform';
import { checkDecided, entryId, equal, VaultError } from '@strongroom/protocol';
import { toDecidedJson, type DecidedJson } from '../encoding/decided-json.js';
import type { CheckedEntry } from '../fleet/checked-entry.js';
import type { Decided } from '../fleet/decided.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { Submission } from '../fleet/submission.js';
import type { Patience } from '../fleet/waiting.js';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';

/** Has the fleet decide an entry that is no attempt: registration, deletion, cancellation. */
@Injectable()
export class EntriesService {
  constructor(
    private readonly bus: GatewayBus,
    private readonly metrics: GatewayMetrics,
  ) {}

  /**
   * The client checks the votes too; checked here, a home node that lies costs a second question and not the request.
   * These entries are rare enough to afford it.
   * @throws what two nodes agree on, else FLEET_UNAVAILABLE
   */
  async decide(entry: CheckedEntry, ranked: readonly number[], patience: Patience): Promise<DecidedJson> {
    const submission = new Submission({
      nodes: new FleetNodes(this.bus, entry.fleet.fleetId),
      ranked,
      entry: entry.encoded,
      patience,
      hedged: this.metrics.hedged,
      check: (decided) => requireDecisionOf(entry, decided),
    });
    return toDecidedJson(await submission.result);
  }
}

function requireDecisionOf({ core, fleet }: CheckedEntry, decided: Decided): void {
  const { value } = checkDecided(decided, core.uid, fleet, nodeVerifier);
  if (!equal(entryId(value.entry.core), entryId(core))) throw new VaultError('NODE_MISBEHAVED', 'the votes decide another entry');
}
