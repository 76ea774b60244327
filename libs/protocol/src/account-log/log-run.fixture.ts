import { equal } from '../encoding/bytes.js';
import type { Entry } from '../entry/entry.js';
import { entries, ownerSigner, wantedOf } from './account.fixture.js';
import { LogFleet } from './log-fleet.fixture.js';
import type { LogNode } from './log-node.fixture.js';
import type { Durable } from './log-wire.fixture.js';

export interface RunOptions {
  readonly seed: number;
  readonly n: number;
  readonly q: number;
}

export interface RunResult {
  readonly steps: number;
  readonly decided: number;
  readonly rollbacks: number;
  readonly restarts: number;
}

/** Codes that say "not now" rather than no. */
const TRANSIENT: readonly string[] = ['FLEET_UNAVAILABLE', 'CONFLICT'];
const STORM_ROUNDS = 36;

/** For specs only: a storm of faults under several clients, then calm; throws where a rule of PROTOCOL 8 is broken. */
export class RandomRun {
  private readonly fleet: LogFleet;
  private readonly asked: Entry[] = [entries.register('first', 1)];
  private readonly disks = new Map<number, Durable[]>();
  private rollbacks = 0;
  private restarts = 0;
  private state: number;
  private ver = 1;

  constructor(private readonly options: RunOptions) {
    this.state = (options.seed * 2_654_435_761 + 1) >>> 0;
    this.fleet = new LogFleet(options.n, options.q);
  }

  run(): RunResult {
    this.storm();
    this.calm();
    const { steps, watcher } = this.fleet;
    return { steps, decided: watcher.decided.size, rollbacks: this.rollbacks, restarts: this.restarts };
  }

  private storm(): void {
    const { fleet } = this;
    fleet.flushDelayMs = () => this.below(12);
    fleet.faults = () => (this.chance(15) ? [] : this.chance(15) ? [this.delay(), this.delay()] : [this.delay()]);
    this.submitSomewhere(this.asked[0]);
    fleet.runFor(this.below(200));
    for (let round = 0; round < STORM_ROUNDS; round++) {
      this.actOnce();
      fleet.runFor(this.below(150));
    }
  }

  private actOnce(): void {
    const dice = this.below(100);
    if (dice < 30) this.askForMore();
    else if (dice < 50) this.submitSomewhere(this.asked[this.below(this.asked.length)]);
    else if (dice < 60) this.confirmOne();
    else if (dice < 78) this.crashOne();
    else this.restartOne();
  }

  private askForMore(): void {
    const name = `entry ${this.asked.length}`;
    const dice = this.below(100);
    const owner = this.chance(50) ? { owner: ownerSigner } : {};
    const entry =
      dice < 85
        ? entries.attempt(name, this.ver)
        : dice < 93
          ? entries.register(name, ++this.ver, owner)
          : entries.cancel(name, this.ver, { owner: ownerSigner });
    this.asked.push(entry);
    this.submitSomewhere(entry);
  }

  private submitSomewhere(entry: Entry | undefined): void {
    if (entry !== undefined) this.fleet.submit(entry, this.chance(50) ? this.fleet.home : this.anyNode().self);
  }

  private confirmOne(): void {
    const attempts = this.asked.filter((entry) => entry.core.kind === 'attempt' && this.fleet.watcher.indexOf(wantedOf(entry).id) !== null);
    const entry = attempts[this.below(Math.max(attempts.length, 1))];
    if (entry !== undefined)
      this.fleet.confirm(
        entry,
        this.fleet.nodes.filter(() => this.chance(60)).map(({ self }) => self),
      );
  }

  private crashOne(): void {
    const node = this.anyNode();
    const history = this.disks.get(node.self) ?? [];
    this.disks.set(node.self, [...history, node.durable].slice(-3));
    if (this.chance(30)) node.flush(() => this.chance(50));
    node.crash();
  }

  /** One disk at a time may turn out old: more at once are more than a fleet of b = 0 promises to bear (PROTOCOL 8). */
  private restartOne(): void {
    const down = this.fleet.nodes.filter(({ status }) => status === 'down');
    const node = down[this.below(Math.max(down.length, 1))];
    if (node === undefined) return;
    const old = this.disks.get(node.self)?.[0];
    const othersRejoin = this.fleet.nodes.some(({ status, self }) => self !== node.self && status === 'rejoining');
    this.restarts++;
    if (old === undefined || othersRejoin || this.chance(50)) return node.restart();
    this.rollbacks++;
    node.restart(old);
    this.fleet.runFor(600);
  }

  /** I8: with any q nodes up and a network that delivers, every entry is decided or refused for good. */
  private calm(): void {
    const { fleet } = this;
    fleet.faults = () => [5];
    fleet.flushDelayMs = () => 1;
    for (const node of fleet.nodes) if (node.status === 'down') node.restart();
    fleet.runFor(5_000);
    const up = this.leaveOnlyQuorum();
    for (const node of up) for (const peer of up) this.shareConfirmation(node, peer);
    fleet.runFor(1_000);
    for (const entry of this.asked) this.mustEnd(entry, up);
    fleet.runFor(1_000);
    const last = Math.max(...fleet.watcher.decided.keys(), 0);
    const ahead = up.filter((node) => node.account.state.index === last).length;
    if (last > 0 && ahead === 0) throw new Error('the last decided index is lost');
  }

  private leaveOnlyQuorum(): readonly LogNode[] {
    const order = this.fleet.nodes.map((node) => ({ node, rank: this.below(1_000) })).sort((a, b) => a.rank - b.rank);
    for (const { node } of order.slice(this.options.q)) node.crash();
    const up = order.slice(0, this.options.q).map(({ node }) => node);
    if (up.some(({ status }) => status !== 'up')) throw new Error('a node cannot rejoin');
    return up;
  }

  private shareConfirmation(from: LogNode, to: LogNode): void {
    const { confirmation } = from.account;
    if (confirmation !== null) to.feed({ kind: 'confirm', confirmation });
  }

  private mustEnd(entry: Entry, up: readonly LogNode[]): void {
    const { id } = wantedOf(entry);
    const { watcher } = this.fleet;
    for (let turn = 0; turn < 4; turn++) {
      for (const node of up) {
        if (up.some(({ account }) => account.state.marks.some((mark) => equal(mark.id, id)))) return;
        watcher.refused.clear();
        this.fleet.submit(entry, node.self);
        this.fleet.runFor(3_500);
        const codes = [...watcher.refused.values()].flatMap((byNode) => [...byNode.values()]);
        if (codes.some((code) => !TRANSIENT.includes(code))) return;
        if (codes.includes('CONFLICT') && entry.core.kind !== 'attempt') return;
      }
    }
    throw new Error(`an entry of kind ${entry.core.kind} ends nowhere`);
  }

  private anyNode(): LogNode {
    return this.fleet.node(1 + this.below(this.options.n));
  }

  private delay(): number {
    return this.chance(5) ? this.below(5_000) : 1 + this.below(60);
  }

  private chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** xorshift32: fast, and the same for the same seed. */
  private below(bound: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % bound;
  }
}
