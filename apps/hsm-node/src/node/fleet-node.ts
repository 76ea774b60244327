import { batchBroadcast, nodeHeartbeat, recordHeld } from '@strongroom/contracts';
import type { Stop } from '@strongroom/platform';
import { ByteWriter, DEFAULT_MAX_SKEW_MS, type AccountPolicy, type Bytes, type Signer } from '@strongroom/protocol';
import { Attestation } from '../account/attestation.js';
import { Deadlines } from '../account/deadlines.js';
import { RecordFetch } from '../account/record-fetch.js';
import { ShareKeeper } from '../account/share-keeper.js';
import { StatusService } from '../account/status.service.js';
import { AttemptService } from '../attempt/attempt.service.js';
import { EntryService } from '../attempt/entry.service.js';
import { AccountRows } from '../log/account-rows.js';
import { BatchInbox } from '../log/batch-inbox.js';
import { emptyChain, loadChain } from '../log/chain.js';
import { DecidedSets } from '../log/decided-sets.js';
import { EntryVetting } from '../log/entry-vetting.js';
import { LogEngine } from '../log/log-engine.js';
import type { BatchMessage } from '../log/outgoing-batch.js';
import { CatchUp } from '../peers/catch-up.js';
import { Hearsay } from '../peers/hearsay.js';
import { HEARTBEAT_MS, Liveness } from '../peers/liveness.js';
import { PeerCalls } from '../peers/peer-calls.js';
import { Rejoin } from '../peers/rejoin.js';
import { RejoinDesk } from '../peers/rejoin-desk.js';
import type { Roster } from '../roster/roster.js';
import { ShareIntake } from '../shares/share-intake.js';
import { tellEvents, type NodeEvents } from './node-events.js';
import type { NodeParts } from './node-parts.js';
import { servePeers, serveSessions } from './fleet-node.nats.js';

const TICK_MS = 50;
const DEADLINE_TICK_MS = 250;
const REVIEW_PAGE = 500;

/** One node in one epoch of its fleet: everything that depends on the roster, from rejoin to shutdown. */
export class FleetNode {
  readonly engine: LogEngine;
  readonly sets: DecidedSets;
  readonly catchUp: CatchUp;
  readonly liveness: Liveness;
  readonly desk: RejoinDesk;
  readonly fetch: RecordFetch;
  readonly attestation: Attestation;
  readonly entries: EntryService;
  readonly attempts: AttemptService;
  readonly statuses: StatusService;

  private readonly rows: AccountRows;
  private readonly keeper: ShareKeeper;
  private readonly events: NodeEvents;
  private readonly rejoin: Rejoin;
  private readonly inbox: BatchInbox;
  private readonly signer: Signer;
  private readonly stopping = new AbortController();
  private readonly stops: Stop[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readyNow = false;
  private heartbeats = 0;

  constructor(
    private readonly parts: NodeParts,
    readonly roster: Roster,
  ) {
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
    this.signer = signer;
    this.rows = new AccountRows(store);
    const kept = loadChain(store);
    const chain =
      kept?.fleetId === roster.fleetId && kept.epoch === roster.epoch ? kept : emptyChain(roster.fleetId, roster.epoch, roster.n);
    const publish = (message: BatchMessage): void => void bus.broadcast(batchBroadcast, roster.fleetId, message);
    this.engine = new LogEngine({ store, rows: this.rows, roster, self, policy, verifier, signer, log, nowMs, publish }, chain);
    this.sets = new DecidedSets(this.engine, this.rows, roster, verifier);
    this.events = tellEvents(bus, roster, this.engine);
    this.liveness = new Liveness(roster, nowMs);
    const peers = new PeerCalls(bus, roster, self);
    this.catchUp = new CatchUp(this.engine, this.sets, peers, log);
    const hearsay = new Hearsay();
    this.desk = new RejoinDesk(this.engine, this.rows, roster, self, signer, verifier, hearsay);
    const intake = new ShareIntake(roster, parts.dealt, parts.group, vault);
    this.fetch = new RecordFetch(vault, intake, peers, self, log);
    this.attestation = new Attestation(this.engine, peers, this.catchUp, roster, self, signer, verifier, random);
    this.keeper = new ShareKeeper({
      engine: this.engine,
      vault,
      deadlines: new Deadlines(store),
      fetch: this.fetch,
      attestation: this.attestation,
      policy,
      eraseDeadlineMs: rules.eraseDeadlineMs,
      nowMs,
      log,
      events: { ...this.events, held: (uid, hash) => this.sayHeld(uid, hash) },
    });
    const isPoint = parts.group.isPoint;
    this.entries = new EntryService(this.engine, this.sets, parts.authority, this.fetch, this.liveness, roster, isPoint, nowMs);
    this.attempts = new AttemptService({
      engine: this.engine,
      sets: this.sets,
      catchUp: this.catchUp,
      liveness: this.liveness,
      vault,
      fetch: this.fetch,
      evaluator: parts.evaluator,
      signer,
      roster,
      self,
      policy,
      nowMs,
      onReleased: this.events.released,
      isErasing: (uid) => this.keeper.isErasing(uid),
    });
    this.statuses = new StatusService(this.engine, parts.tokens, roster, self, policy, signer, verifier, nowMs);
    const obtainRecord = (uid: Bytes, hash: Bytes, from: number): Promise<boolean> => this.fetch.obtain(uid, hash, from);
    const vetting = new EntryVetting({ roster, authority: parts.authority, isPoint, nowMs, obtainRecord });
    this.inbox = new BatchInbox({ engine: this.engine, roster, self, verifier, vetting, log, onFork: this.events.misbehaved });
    const { catchUp, engine, stopping } = this;
    this.rejoin = new Rejoin({
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
      onRollback: this.events.rolledBack,
      signal: stopping.signal,
    });
  }

  /** Whether the rejoin is complete: before it this node votes for nothing (PROTOCOL 7.3). */
  get ready(): boolean {
    return this.readyNow;
  }

  /** Answers peers at once, everybody else after the rejoin. Resolves when the node takes part. */
  async start(): Promise<void> {
    const { bus } = this.parts;
    const { fleetId } = this.roster;
    this.stops.push(...(await servePeers(bus, this)));
    this.stops.push(await bus.onBroadcast(nodeHeartbeat, fleetId, (heartbeat) => this.liveness.heard(heartbeat)));
    this.every(HEARTBEAT_MS, () => this.beat());
    await this.rejoin.run();
    this.stops.push(await bus.onBroadcast(batchBroadcast, fleetId, (message) => this.inbox.receive(message)));
    this.stops.push(await bus.onBroadcast(recordHeld, fleetId, (message) => this.hearHeld(message)));
    this.stops.push(...(await serveSessions(bus, this, this.parts.staging)));
    this.readyNow = true;
    this.beat();
    this.every(TICK_MS, () => this.engine.tick());
    this.every(DEADLINE_TICK_MS, () => void this.keeper.tick());
    this.events.joined(this.engine.chain.own.incarnation);
    await this.review();
  }

  async stop(): Promise<void> {
    this.readyNow = false;
    this.stopping.abort();
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.stops.map((stop) => stop()));
    await this.engine.settled();
    await this.keeper.settled();
    this.sets.close();
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }

  private beat(): void {
    this.heartbeats += 1;
    const { incarnation } = this.engine.chain.own;
    const message = { node: this.roster.self, incarnation: Math.max(1, incarnation), ready: this.readyNow, sequence: this.heartbeats };
    this.parts.bus.broadcast(nodeHeartbeat, this.roster.fleetId, message);
  }

  /** What was decided just before a crash may not have reached the vault. */
  private async review(): Promise<void> {
    for (let after: Bytes | null = null; ;) {
      const page: ReturnType<AccountRows['page']> = this.rows.page(after, REVIEW_PAGE);
      for (const { uid } of page.accounts) await this.keeper.review(this.engine.account(uid));
      if (page.next === null || this.stopping.signal.aborted) return;
      after = page.next;
    }
  }

  private sayHeld(uid: Bytes, recordHash: Bytes): void {
    const { self, fleetId } = this.roster;
    const signature = this.signer.sign(this.heldMessage(self, uid, recordHash));
    this.parts.bus.broadcast(recordHeld, fleetId, { node: self, uid, recordHash, signature });
  }

  private async hearHeld({
    node,
    uid,
    recordHash,
    signature,
  }: {
    node: number;
    uid: Bytes;
    recordHash: Bytes;
    signature: Bytes;
  }): Promise<void> {
    if (node === this.roster.self) return;
    const member = this.roster.members[node - 1];
    if (member === undefined || !this.parts.verifier.verify(member.identityKey, this.heldMessage(node, uid, recordHash), signature)) {
      this.parts.log.warn({ event: 'held.dropped', node });
      return;
    }
    await this.parts.vault.acknowledge(uid, recordHash, node);
  }

  private heldMessage(node: number, uid: Bytes, recordHash: Bytes): Bytes {
    return ByteWriter.labelled('record-held').text(this.roster.fleetId).u32(this.roster.epoch).u8(node).raw(uid).raw(recordHash).bytes();
  }
}
