import { Injectable } from '@nestjs/common';
import type { attemptRequest, attemptResponse } from '@strongroom/contracts';
import { entryId } from '@strongroom/protocol';
import { Clock } from '@strongroom/platform';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { toText } from '../encoding/base64url.js';
import { toDecidedJson } from '../encoding/decided-json.js';
import { checkedEntry } from '../fleet/checked-entry.js';
import type { Evaluation } from '../fleet/decided.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { FleetSettings } from '../fleet/fleet-settings.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { HedgeBudget } from '../fleet/hedge-budget.js';
import { TypicalTime } from '../fleet/typical-time.js';
import { LivenessService } from '../liveness/liveness.service.js';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { Account } from '../token/account.js';
import { AttemptRun } from './attempt-run.js';
import { preferring } from './preferring.js';

type AttemptAnswer = Omit<z.infer<typeof attemptResponse>, 'bundle'>;

/** One slow node of five is asked first in three attempts of five: as many hedges as attempts leave room for that. */
const HEDGES_PER_ATTEMPT = 1;
/** A node that dies is asked for a second, until its silence is noticed. */
const HEDGE_RESERVE = 200;
/** A fleet under load decides as it can: an entry is late when it takes so much longer than most do. */
const LATE_FACTOR = 3;
/** Yet early enough for two more nodes before the deadline. */
const LATEST_RESUBMIT_MS = 500;
/** An evaluation more costs one node some work, a takeover the whole fleet: it is asked for sooner. */
const HEDGE_FACTOR = 2;
const LATEST_HEDGE_MS = 300;

/** Carries attempts to the fleet (PROTOCOL 6): it chooses whom to ask and holds nothing that could decide anything. */
@Injectable()
export class AttemptsService {
  private readonly hedgeBudget = new HedgeBudget(HEDGES_PER_ATTEMPT, HEDGE_RESERVE);
  private readonly typical = new TypicalTime();

  constructor(
    private readonly bus: GatewayBus,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
    private readonly settings: FleetSettings,
    private readonly clock: Clock,
    private readonly metrics: GatewayMetrics,
  ) {}

  /** @throws REQUEST_INVALID, TOKEN_INVALID, BUNDLE_STALE before anything is sent; then what the nodes agree on, else FLEET_UNAVAILABLE */
  async attempt(account: Account, { entry, avoid = [] }: z.infer<typeof attemptRequest>): Promise<AttemptAnswer> {
    const { core, encoded, fleet } = checkedEntry(entry, 'attempt', account, this.bundles.current);
    const ranked = this.liveness.ranked(fleet, core.uid);
    const startedAt = this.clock.nowMs();
    this.hedgeBudget.earn();
    const run = new AttemptRun({
      nodes: new FleetNodes(this.bus, fleet.fleetId),
      ranked,
      evaluators: preferring(ranked, avoid),
      entry: encoded,
      uid: core.uid,
      attemptId: entryId(core),
      needed: fleet.t,
      patience: this.settings.patience,
      elapsed: () => this.clock.nowMs(),
      hedgeBudget: this.hedgeBudget,
      hedgeAfterMs: Math.min(HEDGE_FACTOR * this.typical.ms, LATEST_HEDGE_MS),
      resubmitAfterMs: Math.min(LATE_FACTOR * this.typical.ms, LATEST_RESUBMIT_MS),
      hedged: this.metrics.hedged,
    });
    const evaluations = await this.metrics.attempt(run.result);
    this.typical.observe(this.clock.nowMs() - startedAt);
    return answerOf(evaluations);
  }
}

function answerOf(evaluations: readonly Evaluation[]): AttemptAnswer {
  const [first] = evaluations;
  if (first === undefined) throw new RangeError('an attempt is complete with at least one evaluation');
  return {
    decided: toDecidedJson(first.decided),
    record: toText(first.record),
    ...(first.votedSharing === undefined ? {} : { votedSharing: toText(first.votedSharing) }),
    evaluations: evaluations.map(({ node, evaluation, signature }) => ({
      node,
      evaluation: toText(evaluation),
      signature: toText(signature),
    })),
  };
}
