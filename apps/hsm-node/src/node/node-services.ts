import { batchBroadcast } from '@strongroom/contracts';
import { AccountIndex } from '../anti-entropy/account-index.js';
import { AntiEntropy } from '../anti-entropy/anti-entropy.js';
import { AntiEntropyDesk } from '../anti-entropy/anti-entropy-desk.js';
import { PeerQuestions } from '../anti-entropy/peer-questions.js';
import { DEFAULT_MAX_SKEW_MS, type AccountPolicy, type Bytes, type RegisterCore, type Signer } from '@strongroom/protocol';
import { Attestation } from '../account/attestation.js';
import { Deadlines } from '../account/deadlines.js';
import { OwnerQuestions } from '../account/owner-questions.js';
import { HeldNotices } from '../account/held-notices.js';
import { RecordFetch } from '../account/record-fetch.js';
import { RegistrationRecords } from '../account/registration-records.js';
import { ShareKeeper } from '../account/share-keeper.js';
import { StatusService } from '../account/status.service.js';
import { AttemptService } from '../attempt/attempt.service.js';
import { EntryHold } from '../attempt/entry-hold.js';
import { EntryService } from '../attempt/entry.service.js';
import { ClosingDesk } from '../epoch/closing-desk.js';
import { EpochMarks } from '../epoch/epoch-marks.js';
import { AccountHistory } from '../history/account-history.js';
import { HistoryService } from '../history/history.service.js';
import { HistorySweep } from '../history/history-sweep.js';
import { AccountRows } from '../log/account-rows.js';
import { BatchInbox } from '../log/batch-inbox.js';
import { loadChain } from '../log/chain.js';
import { DecidedSets } from '../log/decided-sets.js';
import { EntryVetting } from '../log/entry-vetting.js';
import { LogEngine } from '../log/log-engine.js';
import type { BatchMessage } from '../log/outgoing-batch.js';
import { CatchUp } from '../peers/catch-up.js';
import { Hearsay } from '../peers/hearsay.js';
import { Liveness } from '../peers/liveness.js';
import { PeerCalls } from '../peers/peer-calls.js';
import { Rejoin } from '../peers/rejoin.js';
import { RejoinDesk } from '../peers/rejoin-desk.js';
import { AccountNotices } from '../notices/account-notices.js';
import { tellingNotices } from '../notices/telling-notices.js';
import { RepairDesk } from '../repair/repair-desk.js';
import { RepairJob } from '../repair/repair-job.js';
import { ShareRepair } from '../repair/share-repair.js';
import { pauseUntil } from '../roster/pause.js';
import type { RefreshJob } from '../refresh/refresh-job.js';
import { PossessionDesk } from '../possession/possession-desk.js';
import type { ReshareDesk } from '../refresh/reshare-desk.js';
import { wireRefresh } from '../refresh/wire-refresh.js';
import type { Roster } from '../roster/roster.js';
import { ShareIntake } from '../shares/share-intake.js';
import { tellEvents, type NodeEvents } from './node-events.js';
import type { NodeParts } from './node-parts.js';

/** Everything of a node that depends on its roster, wired and not yet started. */
export interface NodeServices {
  readonly rows: AccountRows;
  readonly engine: LogEngine;
  readonly sets: DecidedSets;
  readonly events: NodeEvents;
  readonly liveness: Liveness;
  readonly catchUp: CatchUp;
  readonly desk: RejoinDesk;
  readonly fetch: RecordFetch;
  readonly attestation: Attestation;
  readonly held: HeldNotices;
  readonly keeper: ShareKeeper;
  readonly entries: EntryService;
  readonly attempts: AttemptService;
  readonly statuses: StatusService;
  readonly histories: HistoryService;
  readonly historySweep: HistorySweep;
  readonly inbox: BatchInbox;
  readonly rejoin: Rejoin;
  readonly repairDesk: RepairDesk;
  readonly closing: ClosingDesk;
  readonly repairs: RepairJob;
  readonly possession: PossessionDesk;
  readonly reshareDesk: ReshareDesk;
  readonly refresh: RefreshJob;
  readonly comparisons: AntiEntropyDesk;
  readonly antiEntropy: AntiEntropy;
}

/** @param signal breaks a rejoin off */
export function wireServices(parts: NodeParts, roster: Roster, signal: AbortSignal): NodeServices {
  const { bus, clock, keystore, log, random, rules, store, vault, verifier } = parts;
  const { self } = roster;
  const nowMs = (): number => clock.nowMs();
  const policy: AccountPolicy = {
    attempts: roster.attempts,
    coolDownMs: rules.coolDownMs,
    delaysMs: rules.delaysMs,
    maxSkewMs: DEFAULT_MAX_SKEW_MS,
  };
  const signer: Signer = { publicKey: keystore.identityPublicKey, sign: (message) => keystore.sign(message) };
  const rows = new AccountRows(store);
  const chain = loadChain(store, roster);
  const publish = (message: BatchMessage): void => void bus.broadcast(batchBroadcast, roster.fleetId, message);
  const engine = new LogEngine({ store, rows, roster, self, policy, verifier, signer, log, nowMs, publish }, chain);
  const sets = new DecidedSets(engine, rows, roster, verifier);
  const events = tellEvents(bus, roster, engine);
  const liveness = new Liveness(roster, nowMs);
  const peers = new PeerCalls(bus, roster, self);
  const catchUp = new CatchUp(engine, sets, peers, log);
  const hearsay = new Hearsay();
  const desk = new RejoinDesk(engine, rows, roster, self, signer, verifier, hearsay);
  const intake = new ShareIntake(roster, parts.dealt, parts.group, vault);
  const fetch = new RecordFetch(vault, intake, peers, self, log);
  const attestation = new Attestation(engine, peers, catchUp, roster, self, signer, verifier, random);
  const held = new HeldNotices(bus, vault, roster, self, signer, verifier);
  const notices = new AccountNotices(bus, engine, roster, signer, nowMs);
  const keeper = new ShareKeeper({
    engine,
    vault,
    deadlines: new Deadlines(store),
    fetch,
    attestation,
    policy,
    eraseDeadlineMs: rules.eraseDeadlineMs,
    nowMs,
    log,
    events: tellingNotices({ ...events, held: (uid, hash) => held.say(uid, hash) }, notices),
  });
  const isPoint = parts.group.isPoint;
  const records = new RegistrationRecords(keeper, vault, fetch);
  const hold = new EntryHold({ engine, pause: pauseUntil(signal) });
  const entries = new EntryService(engine, sets, parts.authority, records, hold, liveness, roster, isPoint, nowMs);
  const attempts = new AttemptService({
    engine,
    sets,
    catchUp,
    liveness,
    vault,
    keeper,
    evaluator: parts.evaluator,
    signer,
    roster,
    self,
    policy,
    nowMs,
    onReleased: events.released,
  });
  const questions = new OwnerQuestions({ engine, catchUp, tokens: parts.tokens, roster, self, signer, verifier, nowMs });
  const statuses = new StatusService(questions, engine, roster, self, policy, nowMs);
  const history = new AccountHistory(store, nowMs);
  const obtainRecord = async (core: RegisterCore, from: number): Promise<boolean> => (await records.obtain(core, from)) === 'here';
  const vetting = new EntryVetting({ roster, authority: parts.authority, verifier, isPoint, nowMs, obtainRecord });
  const inbox = new BatchInbox({ engine, roster, self, verifier, vetting, log, onFork: events.misbehaved });
  const rejoin = new Rejoin({
    engine,
    peers,
    catchUp,
    hearsay,
    roster,
    self,
    signer,
    verifier,
    random,
    log,
    onRollback: events.rolledBack,
    signal,
  });
  const { group } = parts;
  const isUsable = (uid: Bytes, hash: Bytes): boolean => keeper.isUsable(uid, hash);
  const repairDesk = new RepairDesk({ roster, keystore, vault, group, verifier, random, isUsable });
  const closing = new ClosingDesk(rows, new EpochMarks(store, roster.fleetId), roster, signer, verifier);
  const repair = new ShareRepair({
    roster,
    keystore,
    peers,
    group,
    verifier,
    random,
    log,
    candidates: () => liveness.livePeers,
    onSpoiled: (suspects) => {
      log.warn({ event: 'repair.spoiled', suspects });
      events.repairSpoiled(suspects);
    },
  });
  const repairs = new RepairJob({
    rows,
    engine,
    vault,
    keeper,
    repair,
    perSecond: rules.repairPerSecond,
    pause: pauseUntil(signal),
    log,
    signal,
    onProgress: events.repairProgressed,
  });
  const index = new AccountIndex(rows, pauseUntil(signal));
  const comparisons = new AntiEntropyDesk({ index, roster, signer, verifier, accounts: rules.antiEntropyAccounts, nowMs });
  const antiEntropy = new AntiEntropy({
    engine,
    index,
    catchUp,
    peers,
    liveness,
    questions: new PeerQuestions({ peers, roster, signer, verifier, random, signal }),
    intervalMs: rules.antiEntropyIntervalMs,
    pause: pauseUntil(signal),
    log,
    signal,
    onHealed: events.healed,
    onDiverged: events.diverged,
  });
  return {
    rows,
    engine,
    sets,
    events,
    liveness,
    catchUp,
    desk,
    fetch,
    attestation,
    held,
    keeper,
    entries,
    attempts,
    statuses,
    histories: new HistoryService(questions, engine, history, roster, self),
    historySweep: new HistorySweep({ rows, history, pause: pauseUntil(signal), log, signal }),
    inbox,
    rejoin,
    repairDesk,
    closing,
    possession: new PossessionDesk(roster, parts.software, signer),
    repairs,
    ...wireRefresh(parts, roster, { rows, engine, sets, hold, peers, liveness, keeper, signer, events }, signal),
    comparisons,
    antiEntropy,
  };
}
