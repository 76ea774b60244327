import { VaultError, equal, type Bytes, type FleetRoster, type IndexedPoint } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { LostAnswer } from '../call/retry.js';
import { untilItHolds } from '../call/until-it-holds.js';
import { toEntryJson } from '../gateway/statement-json.js';
import { sameFleet } from '../status/ask-nodes.js';
import type { BlindedAttempt } from './blinded-attempt.js';
import { checkDecidedAttempt, checkEvaluation, type DecidedAttempt } from './evaluated-attempt.js';
import { misbehaviour, type ExcludedNode } from './excluded-node.js';

export interface GatheredEvaluations extends DecidedAttempt {
  readonly roster: FleetRoster;
  /** At least t, by distinct nodes, each with a proof that holds. */
  readonly points: readonly IndexedPoint[];
  readonly excluded: readonly ExcludedNode[];
}

/**
 * Sends the attempt, the same one each time, until t evaluations pass their checks. Good ones of an earlier answer are
 * kept, so that one honest answer each from t nodes is enough however they arrive.
 * @throws NODE_MISBEHAVED with the proof, or FLEET_UNAVAILABLE, when too few good ones came
 */
export async function gatherEvaluations(context: CallContext, attempt: BlindedAttempt): Promise<GatheredEvaluations> {
  const points = new Map<number, IndexedPoint>();
  const excluded = new Map<number, ExcludedNode>();
  const avoid = new Set<number>();
  let epoch = 0;
  let sharing: Bytes | null = null;
  try {
    return await untilItHolds(context, async () => {
      context.onStep('attempting');
      const body = { entry: toEntryJson(attempt.entry), ...(avoid.size > 0 && { avoid: [...avoid] }) };
      const answer = await context.gateway.attempt(body, context.deadline);
      const { roster } = await sameFleet(context, attempt.core.fleetId);
      // Shares of one epoch are combined and no others (PROTOCOL 7.5).
      if (roster.epoch !== epoch) points.clear();
      epoch = roster.epoch;
      const avoidFirst = answer.evaluations[0]?.node;
      if (avoidFirst !== undefined) avoid.add(avoidFirst);
      const decided = checkDecidedAttempt(answer, attempt, roster, context.verifier);
      // Nor shares of two generations: each sharing has a polynomial of its own (PROTOCOL 7.8).
      if (sharing === null || !equal(sharing, decided.recordHash)) points.clear();
      sharing = decided.recordHash;
      if (avoidFirst !== undefined) avoid.delete(avoidFirst);
      for (const carried of answer.evaluations) {
        if (points.has(carried.node)) continue;
        const checked = checkEvaluation(carried, attempt, decided, roster, context.verifier);
        if ('point' in checked) points.set(checked.index, checked);
        else if (!excluded.get(checked.node)?.proof) excluded.set(checked.node, checked);
      }
      for (const node of excluded.keys()) avoid.add(node);
      if (points.size < roster.t) throw new LostAnswer(`${points.size} of ${roster.t} evaluations hold`);
      return { ...decided, roster, points: [...points.values()], excluded: [...excluded.values()] };
    });
  } catch (error) {
    const lost = error instanceof VaultError && error.code === 'FLEET_UNAVAILABLE';
    throw (lost ? misbehaviour([...excluded.values()]) : undefined) ?? error;
  }
}
