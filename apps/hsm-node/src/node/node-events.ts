import {
  attemptConfirmed,
  attemptQuorumReached,
  attemptVoted,
  logDiverged,
  logHealed,
  nodeMisbehaved,
  nodeReady,
  nodeRollbackDetected,
  recordActivated,
  recordErased,
  recordLocked,
  shareReleased,
  shareRefreshProgressed,
  shareRefreshSpoiled,
  shareRepairProgressed,
  shareRepairSpoiled,
} from '@strongroom/contracts';
import type { Bus } from '@strongroom/platform';
import { ByteWriter, entryId, firstRound, parseLogValue, toHex, type Bytes, type LogEffect } from '@strongroom/protocol';
import { createHash } from 'node:crypto';
import type { KeeperEvents } from '../account/share-keeper.js';
import type { LogEngine } from '../log/log-engine.js';
import type { AccountEffect } from '../log/outgoing-batch.js';
import type { RefreshProgress } from '../refresh/refresh-job.js';
import type { RepairProgress } from '../repair/repair-job.js';
import type { Roster } from '../roster/roster.js';
import type { AccountLog } from '@strongroom/protocol';

type EventBus = Pick<Bus, 'emit'>;

export interface NodeEvents extends Omit<KeeperEvents, 'held'> {
  readonly released: (attemptId: Bytes) => void;
  readonly misbehaved: (culprit: number) => void;
  readonly rolledBack: () => void;
  readonly joined: (incarnation: number) => void;
  readonly repairProgressed: (progress: RepairProgress) => void;
  readonly repairSpoiled: (suspects: readonly number[]) => void;
  readonly refreshProgressed: (progress: RefreshProgress) => void;
  readonly refreshSpoiled: (culprit: number) => void;
  readonly healed: (from: number, accounts: number) => void;
  readonly diverged: (from: number, accounts: number) => void;
}

/** Tells observers what happens at this node: no account id, no key, no secret; attempts and records by tags that lead nowhere. */
export function tellEvents(bus: EventBus, roster: Roster, engine: LogEngine): NodeEvents {
  const where = { fleetId: roster.fleetId, node: roster.self };
  const misbehaved = (culprit: number): void => void bus.emit(nodeMisbehaved, { ...where, culprit });
  engine.listen({
    afterFlush: ({ effect }: AccountEffect, account: AccountLog) => {
      if (effect.kind === 'misbehaved') misbehaved(effect.culprit);
      if (effect.kind === 'confirmed') bus.emit(attemptConfirmed, { ...where, attempt: tagOf('attempt', effect.confirmation.attemptId) });
      if (effect.kind === 'cast') tellVote(bus, where, effect, account);
      if (effect.kind === 'decided') tellDecided(bus, where, effect);
    },
  });
  return {
    misbehaved,
    released: (attemptId) => void bus.emit(shareReleased, { ...where, attempt: tagOf('attempt', attemptId) }),
    rolledBack: () => void bus.emit(nodeRollbackDetected, { ...where, incarnation: Math.max(1, engine.chain.own.incarnation) }),
    joined: (incarnation) => void bus.emit(nodeReady, { ...where, incarnation, epoch: roster.epoch }),
    repairProgressed: (progress) => void bus.emit(shareRepairProgressed, { ...where, ...progress }),
    repairSpoiled: (suspects) => void bus.emit(shareRepairSpoiled, { ...where, suspects: [...suspects] }),
    refreshProgressed: (progress) => void bus.emit(shareRefreshProgressed, { ...where, ...progress }),
    refreshSpoiled: (culprit) => void bus.emit(shareRefreshSpoiled, { ...where, culprit }),
    healed: (from, accounts) => void bus.emit(logHealed, { ...where, from, accounts }),
    diverged: (from, accounts) => void bus.emit(logDiverged, { ...where, from, accounts }),
    activated: (_uid, hash) => void bus.emit(recordActivated, { ...where, record: tagOf('record', hash) }),
    locked: (_uid, hash, atMs) =>
      void bus.emit(recordLocked, { ...where, record: tagOf('record', hash), eraseAt: new Date(atMs).toISOString() }),
    erased: (_uid, hash, reason) => void bus.emit(recordErased, { ...where, record: tagOf('record', hash), reason }),
  };
}

type Where = { readonly fleetId: string; readonly node: number };

function tellVote(bus: EventBus, where: Where, { vote }: Extract<LogEffect, { kind: 'cast' }>, account: AccountLog): void {
  if (account.accepted === null || account.state.index + 1 !== vote.index) return;
  const { core } = parseLogValue(account.accepted.value, () => true).entry;
  if (core.kind !== 'attempt') return;
  bus.emit(attemptVoted, {
    ...where,
    attempt: tagOf('attempt', entryId(core)),
    round: vote.ballot.round - firstRound(vote.epoch),
    spent: vote.spent,
  });
}

function tellDecided(bus: EventBus, where: Where, { logValue, votes }: Extract<LogEffect, { kind: 'decided' }>): void {
  const { core } = logValue.entry;
  if (core.kind !== 'attempt') return;
  bus.emit(attemptQuorumReached, { ...where, attempt: tagOf('attempt', entryId(core)), voters: votes.map(({ node }) => node) });
}

/** A labelled hash cut to 8 bytes, in hexadecimal. */
function tagOf(use: 'attempt' | 'record', id: Bytes): string {
  return toHex(
    createHash('sha256')
      .update(ByteWriter.labelled(`event-${use}`).raw(id).bytes())
      .digest(),
  ).slice(0, 16);
}
