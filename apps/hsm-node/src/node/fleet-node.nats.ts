import {
  accountHistory,
  accountStatus,
  attemptConfirm,
  attemptEvaluate,
  entrySubmit,
  nodePossession,
  peerAttest,
  peerClosed,
  peerClosedState,
  peerDigests,
  peerFetchRecord,
  peerFetchSets,
  peerOfferSets,
  peerRange,
  peerRejoin,
  peerRepairDeal,
  peerRepairSum,
  peerReshareDeal,
  peerReshareKey,
  peerReshareStage,
  peerRosterNote,
  peerState,
  type RequestOf,
  type ResponseOf,
} from '@strongroom/contracts';
import type { Bus, Stop } from '@strongroom/platform';
import { nodeAddress, type Roster } from '../roster/roster.js';
import { serveRecordStage } from '../shares/record-stage.nats.js';
import type { RecordStageService } from '../shares/record-stage.service.js';
import { VaultError } from '@strongroom/protocol';
import type { RosterHistory } from '../roster/roster-history.js';
import type { NodeServices } from './node-services.js';

type ServingBus = Pick<Bus, 'serve'>;

/** What peers may ask at any time, even while this node rejoins (PROTOCOL 7.3). */
export function servePeers(bus: ServingBus, roster: Roster, node: NodeServices, history: RosterHistory): Promise<Stop[]> {
  const at = { node: nodeAddress(roster) };
  return Promise.all([
    bus.serve(peerRejoin, (request) => node.desk.answer(request), at),
    bus.serve(peerState, (request) => node.desk.page(request), at),
    bus.serve(peerFetchSets, (request) => node.catchUp.answer(request), at),
    bus.serve(peerFetchRecord, (request) => node.fetch.answer(request), at),
    bus.serve(peerClosed, (request) => node.closing.answer(request), at),
    bus.serve(peerClosedState, (request) => node.closing.page(request), at),
    serveRosterNotes(bus, roster, history),
    bus.serve(
      peerOfferSets,
      async ({ uid, ...offered }) => {
        await node.catchUp.take(uid, offered);
        return {};
      },
      at,
    ),
  ]);
}

/**
 * What the gateway asks, and what peers ask before they erase, to rebuild a share or to compare, once this node takes part: a disk that was rolled back
 * may have forgotten a confirmation, and must not vouch that there is none (PROTOCOL 6.6, 7.3).
 */
export function serveSessions(bus: ServingBus, roster: Roster, node: NodeServices, staging: RecordStageService): Promise<Stop[]> {
  const at = { node: nodeAddress(roster) };
  return Promise.all([
    serveRecordStage(bus, roster, staging, (core) => node.keeper.isOver(core)),
    bus.serve(entrySubmit, (request) => node.entries.submit(request), at),
    bus.serve(attemptEvaluate, (request) => node.attempts.evaluate(request), at),
    bus.serve(attemptConfirm, (request) => node.attempts.confirm(request), at),
    bus.serve(peerAttest, (request) => node.attestation.answer(request), at),
    bus.serve(peerDigests, (request) => node.comparisons.digests(request), at),
    bus.serve(peerRange, (request) => node.comparisons.range(request), at),
    bus.serve(peerRepairDeal, (request) => node.repairDesk.deal(request), at),
    bus.serve(peerRepairSum, (request) => node.repairDesk.sum(request), at),
    bus.serve(peerReshareKey, (request) => node.reshareDesk.key(request), at),
    bus.serve(peerReshareDeal, (request) => node.reshareDesk.deal(request), at),
    bus.serve(peerReshareStage, (request) => node.reshareDesk.stage(request), at),
    bus.serve(nodePossession, (request) => node.possession.answer(request), at),
    bus.serve(accountStatus, (request) => node.statuses.answer(request), at),
    bus.serve(accountHistory, (request) => node.histories.answer(request), at),
  ]);
}

/** Who the members were in an earlier epoch, with both signatures of the bundle that says so (PROTOCOL 7.5). */
export function serveRosterNotes(bus: ServingBus, roster: Roster, history: RosterHistory): Promise<Stop> {
  const answer = ({ fleetId, epoch }: RequestOf<typeof peerRosterNote>): ResponseOf<typeof peerRosterNote> => {
    const note = history.note(fleetId, epoch);
    if (note === null) throw new VaultError('NOT_FOUND', 'this node does not know that epoch', { epoch });
    return { note };
  };
  return bus.serve(peerRosterNote, answer, { node: nodeAddress(roster) });
}
