import { equal } from '../encoding/bytes.js';
import type { Entry } from '../entry/entry.js';
import type { VaultError } from '../errors/protocol-error.js';
import { rankNodes } from '../placement/rank-nodes.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { confirmationOf, POLICY, rosterOf, START_MS, uid, wantedOf } from './account.fixture.js';
import type { AccountPolicy } from './account-policy.js';
import { LogNode } from './log-node.fixture.js';
import { LogWatch } from './log-watch.fixture.js';
import type { BatchWire, Network, Wire } from './log-wire.fixture.js';
import type { LogEffect } from './log-message.js';

/** What a network may do to one message: the delays of its copies, none when it is lost. */
export type Faults = (wire: Wire, from: number, to: number) => readonly number[];

const FAULTLESS: Faults = () => [5];

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** For specs only: n nodes on one clock, over a network that the spec controls. */
export class LogFleet implements Network<LogNode> {
  readonly roster;
  readonly nodes: readonly LogNode[];
  readonly watcher: LogWatch;
  /** Refusals of statements, by code. */
  readonly droppedCodes: string[] = [];
  faults: Faults = FAULTLESS;
  flushDelayMs: () => number = () => 1;
  steps = 0;
  private clockMs = START_MS;
  private events: Event[] = [];
  private order = 0;

  constructor(
    n = 5,
    q = 3,
    readonly policy: AccountPolicy = POLICY,
    t: number = q,
    watcher: (roster: FleetRoster) => LogWatch = (roster) => new LogWatch(roster),
  ) {
    this.roster = rosterOf(n, q, 1, t);
    this.watcher = watcher(this.roster);
    this.nodes = this.roster.members.map(({ index }) => new LogNode(index, this));
  }

  get home(): number {
    return rankNodes(uid, this.roster)[0] ?? 1;
  }

  /** The i-th node after the home node, by number. */
  other(i: number): number {
    return ((this.home - 1 + i) % this.roster.n) + 1;
  }

  node(self: number): LogNode {
    const node = this.nodes[self - 1];
    if (node === undefined) throw new RangeError(`no node ${self}`);
    return node;
  }

  submit(entry: Entry, at: number): void {
    this.node(at).feed({ kind: 'submit', ...wantedOf(entry) });
  }

  /** A client that holds the right code confirms its attempt at `at`. */
  confirm(entry: Entry, at: readonly number[]): void {
    const index = this.watcher.indexOf(wantedOf(entry).id);
    if (index === null) throw new Error('the attempt is not decided');
    this.watcher.confirmed.add(index);
    for (const node of at) this.node(node).feed({ kind: 'confirm', confirmation: confirmationOf(entry, index) });
  }

  /** Submits one entry and runs until it is decided or refused where it was submitted. */
  put(entry: Entry, at: number = this.home): string {
    const { id } = wantedOf(entry);
    this.watcher.refused.clear();
    this.submit(entry, at);
    this.runFor(4_000);
    const held = this.node(at).account.state.marks.some((mark) => equal(mark.id, id));
    return held ? 'decided' : ([...this.watcher.refused.values()][0]?.get(at) ?? 'open');
  }

  runFor(durationMs: number): void {
    const endMs = this.clockMs + durationMs;
    for (let next = this.events[0]; next !== undefined && next.atMs <= endMs; next = this.events[0]) {
      this.events.shift();
      this.clockMs = next.atMs;
      this.steps++;
      next.act();
    }
    this.clockMs = endMs;
  }

  nowMs(): number {
    return this.clockMs;
  }

  after(delayMs: number, act: () => void): void {
    const event = { atMs: this.clockMs + delayMs, order: this.order++, act };
    const place = this.events.findLastIndex(({ atMs }) => atMs <= event.atMs);
    this.events.splice(place + 1, 0, event);
  }

  soon(act: () => void, node: LogNode): void {
    const { life } = node;
    this.after(0, () => {
      if (node.life === life) act();
    });
  }

  flushSoon(node: LogNode): void {
    this.after(this.flushDelayMs(), () => node.flush());
  }

  send(from: number, to: number, wire: Wire): void {
    if (to === from) return;
    for (const delayMs of this.faults(wire, from, to)) this.after(delayMs, () => this.node(to).receive(wire));
  }

  broadcast(from: number, wire: BatchWire, reach: (node: number) => boolean): void {
    for (const { self } of this.nodes) if (reach(self)) this.send(from, self, wire);
  }

  watch(node: LogNode, effects: readonly LogEffect[]): void {
    this.watcher.see(node, effects);
  }

  dropped(error: VaultError): void {
    this.droppedCodes.push(error.code);
  }
}
