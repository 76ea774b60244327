import { entries, POLICY } from './account.fixture.js';
import { Dice } from './dice.fixture.js';
import { Eavesdropper } from './eavesdropper.fixture.js';
import { LiarMind } from './liar-mind.fixture.js';
import { Liar } from './liar.fixture.js';
import { LogFleet } from './log-fleet.fixture.js';
import type { Wire } from './log-wire.fixture.js';

export interface LyingOptions {
  readonly seed: number;
  readonly n: number;
  readonly t: number;
  readonly q: number;
  /** Corrupt nodes. */
  readonly b: number;
}

export interface LyingResult {
  readonly decided: number;
  readonly equivocations: number;
  readonly forgedReports: number;
  readonly rivalProposals: number;
  readonly restarts: number;
}

const STORM_ROUNDS = 40;
/** Stays below the budget, so that every attempt may be decided. */
const MAX_ASKED = 6;
const REGISTER = entries.register('first', 1);

/** For specs only: corrupt nodes and a lossy bus against honest ones, then calm; throws where PROTOCOL 8 is broken. */
export class LyingRun {
  private readonly fleet: LogFleet;
  private readonly dice: Dice;
  private readonly bus: Eavesdropper;
  private readonly mind: LiarMind;
  private readonly honest: readonly number[];
  private readonly corrupt: readonly number[];
  private asked = 0;
  private restarts = 0;
  private calmed = false;

  constructor(private readonly options: LyingOptions) {
    const { seed, n, t, q, b } = options;
    this.dice = new Dice(seed);
    this.fleet = new LogFleet(n, q, POLICY, t);
    const all = this.fleet.nodes.map(({ self }) => self);
    // The home node is the one that can do most.
    const others = this.dice.shuffled(all.filter((node) => node !== this.fleet.home));
    this.corrupt = [...(this.dice.chance(60) ? [this.fleet.home] : []), ...others].slice(0, b);
    this.honest = all.filter((node) => !this.corrupt.includes(node));
    this.bus = new Eavesdropper(this.fleet.roster, this.corrupt);
    const liars = this.corrupt.map((node) => new Liar(node, this.fleet.roster));
    this.mind = new LiarMind(this.fleet, this.bus, liars, this.honest, this.dice);
  }

  run(): LyingResult {
    this.begin();
    this.storm();
    this.calm();
    const { told } = this.mind;
    return { decided: this.fleet.watcher.decided.size, ...told, restarts: this.restarts };
  }

  private begin(): void {
    if (this.fleet.put(REGISTER) !== 'decided') throw new Error('the first entry is not decided');
    for (const node of this.corrupt) this.fleet.node(node).crash();
    this.fleet.flushDelayMs = () => 1 + this.dice.below(8);
    this.fleet.faults = (wire, from, to) => this.fate(wire, from, to);
  }

  private fate(wire: Wire, from: number, to: number): readonly number[] {
    this.bus.hear(wire);
    if (this.corrupt.includes(to)) {
      if (wire.kind === 'rejoin' && !this.calmed) this.answerRejoin(to, from);
      return [];
    }
    if (this.calmed) return [5];
    return this.dice.chance(60) ? [1 + this.dice.below(60)] : [];
  }

  /** What is true of the sets, and a lie about what it accepted. */
  private answerRejoin(liar: number, node: number): void {
    const { incarnations } = this.fleet.node(node);
    const asked = incarnations[node - 1] ?? 0;
    const index = 1;
    const lie = this.mind.lieFor(index + 1);
    const sets = this.fleet.node(this.honest.find((one) => one !== node) ?? node).sets.slice(0, index);
    const answer = { asked, incarnation: asked, fresh: true, incarnations, sets, index: sets.length, promised: null, confirmation: null };
    this.fleet.after(3, () =>
      this.fleet.node(node).receive({ kind: 'rejoin-answer', from: liar, ...answer, accepted: sets.length === index ? lie : null }),
    );
  }

  private storm(): void {
    for (let round = 0; round < STORM_ROUNDS; round++) {
      if (this.dice.chance(20)) this.submit();
      if (this.dice.chance(8)) this.restartOne();
      this.mind.act();
      this.fleet.runFor(this.dice.below(70));
      this.bus.mustAgree();
    }
  }

  private submit(): void {
    const node = this.dice.pick(this.honest);
    if (node !== undefined && this.asked < MAX_ASKED) this.fleet.submit(entries.attempt(`asked ${this.asked++}`), node);
  }

  /** While one is away q others must be there to tell it what it may have forgotten. */
  private restartOne(): void {
    const { n, q, b } = this.options;
    const node = this.fleet.node(this.dice.pick(this.honest) ?? 1);
    if (n - b - 1 < q || this.fleet.nodes.some(({ status }) => status === 'rejoining') || node.status !== 'up') return;
    this.restarts++;
    node.crash();
    node.restart();
  }

  /** I8: the corrupt nodes are gone, the honest ones are q at least, and what is asked is decided. */
  private calm(): void {
    const { n, q, b } = this.options;
    this.calmed = true;
    this.fleet.flushDelayMs = () => 1;
    this.fleet.runFor(6_000);
    if (n - b < q) return this.bus.mustAgree();
    const last = entries.attempt('last');
    for (let turn = 0; turn < 3; turn++) {
      for (const node of this.honest) {
        const outcome = this.fleet.put(last, node);
        this.bus.mustAgree();
        if (outcome === 'decided' || outcome === 'RECORD_LOCKED') return;
      }
    }
    throw new Error('an entry ends nowhere');
  }
}
