import {
  accountStatus,
  attemptConfirm,
  attemptEvaluate,
  entrySubmit,
  peerAttest,
  peerFetchRecord,
  peerFetchSets,
  peerOfferSets,
  peerRejoin,
  peerRepairDeal,
  peerRepairSum,
  peerState,
} from '@strongroom/contracts';
import type { Bus, Stop } from '@strongroom/platform';
import { nodeAddress, type Roster } from '../roster/roster.js';
import { serveRecordStage } from '../shares/record-stage.nats.js';
import type { RecordStageService } from '../shares/record-stage.service.js';
import type { NodeServices } from './node-services.js';

type ServingBus = Pick<Bus, 'serve'>;

/** What peers may ask at any time, even while this node rejoins (PROTOCOL 7.3). */
export function servePeers(bus: ServingBus, roster: Roster, node: NodeServices): Promise<Stop[]> {
  const at = { node: nodeAddress(roster) };
  return Promise.all([
    bus.serve(peerRejoin, (request) => node.desk.answer(request), at),
    bus.serve(peerState, (request) => node.desk.page(request), at),
    bus.serve(peerFetchSets, (request) => node.catchUp.answer(request), at),
    bus.serve(peerFetchRecord, (request) => node.fetch.answer(request), at),
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
 * What the gateway asks, and what peers ask before they erase or to rebuild a share, once this node takes part: a disk that was rolled back
 * may have forgotten a confirmation, and must not vouch that there is none (PROTOCOL 6.6, 7.3).
 */
export function serveSessions(bus: ServingBus, roster: Roster, node: NodeServices, staging: RecordStageService): Promise<Stop[]> {
  const at = { node: nodeAddress(roster) };
  return Promise.all([
    serveRecordStage(bus, roster, staging),
    bus.serve(entrySubmit, (request) => node.entries.submit(request), at),
    bus.serve(attemptEvaluate, (request) => node.attempts.evaluate(request), at),
    bus.serve(attemptConfirm, (request) => node.attempts.confirm(request), at),
    bus.serve(peerAttest, (request) => node.attestation.answer(request), at),
    bus.serve(peerRepairDeal, (request) => node.repairDesk.deal(request), at),
    bus.serve(peerRepairSum, (request) => node.repairDesk.sum(request), at),
    bus.serve(accountStatus, (request) => node.statuses.answer(request), at),
  ]);
}
