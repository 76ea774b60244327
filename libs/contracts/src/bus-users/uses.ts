import { bundleCountersign, bundleLog, deploymentCountersign } from '../bundle-auditor/index.js';
import {
  bundleConsistency,
  bundleCurrent,
  bundlePropose,
  bundlePublished,
  deploymentRead,
  deploymentSubmit,
} from '../bundle-publisher/index.js';
import {
  enrolmentList,
  enrolmentSubmit,
  evidenceRead,
  fleetCreate,
  fleetList,
  fleetRefresh,
  fleetReplaceNode,
  fleetSetState,
} from '../fleet-registry/index.js';
import * as node from '../hsm-node/index.js';
import type { BusUser } from './bus-user.js';
import { EVENT_STREAM_API, NOTICE_STREAM_API } from './event-stream.js';

/** What a contract says of its subject. */
export interface UsedContract {
  readonly owner: string;
  readonly subject: string;
  readonly addressed: boolean;
}

/** What a service needs of the contracts of others. What it serves, tells and emits follows from what it owns. */
export interface Uses {
  /** Calls that it makes. */
  readonly calls: readonly UsedContract[];
  /** Broadcasts and events that it listens to. */
  readonly hears: readonly UsedContract[];
  /** Subjects of the server's own API that it asks on. */
  readonly server?: readonly string[];
}

const {
  accountHistory,
  accountNotice,
  accountStatus,
  attemptConfirm,
  attemptEvaluate,
  batchBroadcast,
  entrySubmit,
  nodeHeartbeat,
  nodePossession,
  recordHeld,
  recordStage,
} = node;

/** Every call from one node to another: those of the capability `peer`. */
const peerCalls = Object.values(node)
  .filter((each) => typeof each === 'object' && 'kind' in each && each.kind === 'rpc')
  .filter(({ capability }) => capability === 'peer');

/** Least privilege: a service that was taken over speaks on no subject but those that it needs. */
export const USES: Readonly<Record<BusUser, Uses>> = {
  'fleet-registry': { calls: [], hears: [] },
  'bundle-publisher': { calls: [evidenceRead, fleetSetState, bundleCountersign, bundleLog, deploymentCountersign], hears: [] },
  'bundle-auditor': { calls: [evidenceRead], hears: [] },
  'session-gateway': {
    calls: [
      ...[enrolmentList, fleetList, fleetCreate, fleetSetState, fleetReplaceNode, fleetRefresh],
      ...[bundlePropose, bundleCurrent, bundleConsistency],
      ...[evidenceRead, deploymentSubmit, deploymentRead],
      ...[entrySubmit, attemptEvaluate, attemptConfirm, accountStatus, accountHistory, recordStage, nodePossession],
    ],
    hears: [bundlePublished, nodeHeartbeat, accountNotice, ...node.LIVE_EVENTS],
    server: [NOTICE_STREAM_API.get, NOTICE_STREAM_API.info],
  },
  'hsm-node': {
    calls: [enrolmentSubmit, bundleCurrent, bundleConsistency, ...peerCalls],
    hears: [bundlePublished, batchBroadcast, nodeHeartbeat, recordHeld],
  },
  observer: { calls: [], hears: [], server: [EVENT_STREAM_API.get, EVENT_STREAM_API.info] },
  'event-keeper': { calls: [], hears: [], server: [EVENT_STREAM_API, NOTICE_STREAM_API].flatMap(({ create, update }) => [create, update]) },
};
