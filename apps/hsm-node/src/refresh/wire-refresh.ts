import { rankNodes, type Signer } from '@strongroom/protocol';
import type { ShareKeeper } from '../account/share-keeper.js';
import type { EntryHold } from '../attempt/entry-hold.js';
import type { AccountRows } from '../log/account-rows.js';
import type { DecidedSets } from '../log/decided-sets.js';
import type { LogEngine } from '../log/log-engine.js';
import type { NodeEvents } from '../node/node-events.js';
import type { NodeParts } from '../node/node-parts.js';
import type { Liveness } from '../peers/liveness.js';
import type { PeerCalls } from '../peers/peer-calls.js';
import { pauseUntil } from '../roster/pause.js';
import type { Roster } from '../roster/roster.js';
import { refreshEpoch } from './refresh-epoch.js';
import { RefreshJob } from './refresh-job.js';
import { ReshareDesk } from './reshare-desk.js';
import { ReshareRun } from './reshare-run.js';

interface Wired {
  readonly rows: AccountRows;
  readonly engine: LogEngine;
  readonly sets: DecidedSets;
  readonly hold: EntryHold;
  readonly peers: PeerCalls;
  readonly liveness: Liveness;
  readonly keeper: ShareKeeper;
  readonly signer: Signer;
  readonly events: NodeEvents;
}

/** What a node needs to share its accounts anew (PROTOCOL 7.8). */
export function wireRefresh(
  { keystore, vault, group, verifier, random, log, rules }: NodeParts,
  roster: Roster,
  { rows, engine, sets, hold, peers, liveness, keeper, signer, events }: Wired,
  signal: AbortSignal,
): { readonly reshareDesk: ReshareDesk; readonly refresh: RefreshJob } {
  const reshareDesk = new ReshareDesk({
    roster,
    keystore,
    vault,
    group,
    verifier,
    random,
    keeper,
    hold,
    account: (uid) => engine.account(uid),
  });
  const onSpoiled = events.refreshSpoiled;
  const run = new ReshareRun({ roster, desk: reshareDesk, peers, engine, sets, vault, group, signer, verifier, random, log, onSpoiled });
  const isUp = (node: number): boolean => node === roster.self || liveness.livePeers.includes(node);
  const refresh = new RefreshJob({
    since: refreshEpoch(roster),
    rows,
    engine,
    keeper,
    run,
    // The home node proposes without a first phase; the next in rank takes over while it is down.
    isCoordinator: (uid) => rankNodes(uid, roster).find(isUp) === roster.self,
    isComplete: () => liveness.livePeers.length === roster.n - 1,
    perSecond: rules.refreshPerSecond,
    pause: pauseUntil(signal),
    log,
    signal,
    onProgress: events.refreshProgressed,
  });
  return { reshareDesk, refresh };
}
