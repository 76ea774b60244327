import {
  peerClosed,
  peerClosedState,
  peerFetchRecord,
  peerFetchSets,
  peerOfferSets,
  peerRejoin,
  peerRosterNote,
  peerState,
} from '@strongroom/contracts';
import type { Stop } from '@strongroom/platform';
import { VaultError, type FleetRoster, type Signer } from '@strongroom/protocol';
import { serveRosterNotes } from '../node/fleet-node.nats.js';
import type { NodeParts } from '../node/node-parts.js';
import { RecordFetch } from '../account/record-fetch.js';
import { ShareIntake } from '../shares/share-intake.js';
import { AccountRows } from '../log/account-rows.js';
import { loadChain } from '../log/chain.js';
import { DecidedSets } from '../log/decided-sets.js';
import { LogEngine } from '../log/log-engine.js';
import { CatchUp } from '../peers/catch-up.js';
import { Hearsay } from '../peers/hearsay.js';
import { PeerCalls } from '../peers/peer-calls.js';
import { Rejoin } from '../peers/rejoin.js';
import { RejoinDesk } from '../peers/rejoin-desk.js';
import { pauseUntil } from '../roster/pause.js';
import { nodeAddress, type Roster } from '../roster/roster.js';
import { ClosingDesk } from './closing-desk.js';
import { EpochMarks } from './epoch-marks.js';
import { EpochOpening, isMember } from './epoch-opening.js';

const ASK_AGAIN_MS = 500;

/**
 * This node between two epochs: it takes part in neither, hands over what it holds of the one that ends, and takes over
 * what q others hold (PROTOCOL 7.5). Every step is repeated after a crash until the next epoch is open here.
 */
export class EpochPassage {
  private readonly stopping = new AbortController();
  private readonly stops: Stop[] = [];
  private running: Promise<Roster> | null = null;

  constructor(
    private readonly parts: NodeParts,
    private readonly roster: Roster,
  ) {}

  /** Resolves with the roster and its earlier epochs when the epoch is open at this node. */
  run(): Promise<Roster> {
    this.running ??= this.pass().finally(() => this.end());
    return this.running;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled([this.running]);
  }

  private async pass(): Promise<Roster> {
    const { signal } = this.stopping;
    this.stops.push(await serveRosterNotes(this.parts.bus, this.roster, this.parts.history));
    const next = { ...this.roster, earlier: await this.earlier() };
    const [before] = next.earlier;
    if (before === undefined) throw new VaultError('INTERNAL', 'the first epoch has none before it');
    const work = this.wire(before, next);
    await this.serve(work);
    const { marks, rejoin, opening, engine } = work;
    // Its own state counts for others only once it knows everything that it ever said in the epoch (PROTOCOL 7.3).
    const rejoining = new AbortController();
    signal.addEventListener('abort', () => rejoining.abort());
    const closing = rejoin === null ? Promise.resolve() : this.closeAfter(rejoin(rejoining.signal), engine, marks, before.epoch);
    try {
      await opening.run();
    } finally {
      rejoining.abort();
      await Promise.allSettled([closing]);
      await engine.close();
    }
    signal.throwIfAborted();
    await marks.open(next.epoch);
    return next;
  }

  private async closeAfter(rejoin: Rejoin, engine: LogEngine, marks: EpochMarks, epoch: number): Promise<void> {
    try {
      await rejoin.run();
      await engine.settled();
      await marks.close(epoch);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    }
  }

  /** The fleet in all its earlier epochs, the newest first; what this node does not know it asks its peers for. */
  private async earlier(): Promise<readonly FleetRoster[]> {
    const { history, log, bus } = this.parts;
    const { fleetId, self, epoch: current } = this.roster;
    const peers = new PeerCalls(bus, this.roster, self);
    const found: FleetRoster[] = [];
    for (let epoch = current - 1; epoch >= 1; epoch--) {
      for (let i = 0; history.roster(fleetId, epoch) === null; i = (i + 1) % peers.others.length) {
        this.stopping.signal.throwIfAborted();
        try {
          const { note } = await peers.ask(peerRosterNote, peers.others[i] ?? 0, { fleetId, epoch });
          await history.take(fleetId, epoch, note);
        } catch (error) {
          if (!(error instanceof VaultError)) throw error;
          log.debug({ event: 'epoch.roster-missing', epoch, code: error.code });
          await pauseUntil(this.stopping.signal)(ASK_AGAIN_MS);
        }
      }
      const roster = history.roster(fleetId, epoch);
      if (roster !== null) found.push(roster);
    }
    return found;
  }

  private wire(before: FleetRoster, next: Roster) {
    const { bus, clock, keystore, log, random, store, verifier, vault, rules, dealt, group } = this.parts;
    const { self } = next;
    const { signal } = this.stopping;
    const signer: Signer = { publicKey: keystore.identityPublicKey, sign: (message) => keystore.sign(message) };
    const rows = new AccountRows(store);
    const marks = new EpochMarks(store, next.fleetId);
    // It takes over and says nothing: no message of this node leaves between two epochs but answers to peers.
    const policy = { attempts: next.attempts, coolDownMs: rules.coolDownMs, delaysMs: rules.delaysMs, maxSkewMs: 0 };
    const quiet = { publish: () => undefined, nowMs: () => clock.nowMs() };
    const engine = new LogEngine({ store, rows, roster: next, self, policy, verifier, signer, log, ...quiet }, loadChain(store, before));
    const peers = new PeerCalls(bus, next, self);
    const catchUp = new CatchUp(engine, new DecidedSets(engine, rows, next, verifier), peers, log);
    const fetch = new RecordFetch(vault, new ShareIntake(next, dealt, group, vault), peers, self, log);
    const closing = new ClosingDesk(rows, marks, next, signer, verifier);
    const opening = new EpochOpening({ engine, peers, catchUp, marks, before, next, signer, verifier, random, log, signal });
    const hearsay = new Hearsay();
    const desk = new RejoinDesk(engine, rows, before, self, signer, verifier, hearsay);
    const member = isMember(before, next, self);
    const rest = { engine, peers, catchUp, hearsay, roster: before, self, signer, verifier, random, log, onRollback: () => undefined };
    const rejoin = member && !marks.isClosed(before.epoch) ? (until: AbortSignal) => new Rejoin({ ...rest, signal: until }) : null;
    return { before, marks, engine, catchUp, fetch, closing, opening, rejoin, desk: member ? desk : null };
  }

  private async serve({ before, catchUp, fetch, closing, desk }: ReturnType<EpochPassage['wire']>): Promise<void> {
    const { bus } = this.parts;
    const at = { node: nodeAddress(this.roster) };
    const notOpen = (): never => {
      throw new VaultError('FLEET_UNAVAILABLE', 'the epoch is not open at this node yet');
    };
    this.stops.push(
      await bus.serve(peerClosed, (request) => closing.answer(request), at),
      await bus.serve(peerClosedState, (request) => closing.page(request), at),
      await bus.serve(peerFetchSets, (request) => catchUp.answer(request), at),
      await bus.serve(peerFetchRecord, (request) => fetch.answer(request), at),
      await bus.serve(peerRejoin, (request) => (desk === null || request.epoch !== before.epoch ? notOpen() : desk.answer(request)), at),
      await bus.serve(peerState, (request) => desk?.page(request) ?? notOpen(), at),
      await bus.serve(
        peerOfferSets,
        async ({ uid, ...offered }) => {
          await catchUp.take(uid, offered);
          return {};
        },
        at,
      ),
    );
  }

  private async end(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
  }
}
