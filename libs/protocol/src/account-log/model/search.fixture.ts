import { NO_BALLOT, NO_VALUE, type Bounds } from './bounds.fixture.js';
import { Calm } from './calm.fixture.js';
import { Canon, type FleetState } from './fleet-state.fixture.js';
import { Moves } from './moves.fixture.js';
import { Observer } from './observer.fixture.js';
import { SeenStates } from './seen-states.fixture.js';
import { Shell } from './shell.fixture.js';
import { Violation } from './violation.fixture.js';

export interface SearchLimits {
  readonly maxStates: number;
  readonly onLevel?: (depth: number, states: number, open: number) => void;
}

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Whether every state within the bounds was visited. */
  readonly complete: boolean;
  readonly violation: string | null;
  /** The steps to the violation, the shortest there are. */
  readonly story: readonly string[];
  readonly nodeConditions: number;
  readonly statements: number;
  readonly decisions: number;
  readonly calmRuns: number;
}

const REGISTERED = {
  ...{ up: true, taken: 0, incarnations: [1, 1, 1], hearsay: 0, log: [], lastOk: 0 },
  ...{ promised: NO_BALLOT, acceptedBallot: NO_BALLOT, acceptedValue: NO_VALUE, roundBallot: NO_BALLOT },
  ...{ demandedBallot: NO_BALLOT, demandedValue: NO_VALUE, promises: 0 },
  phase: 'none',
} as const;
const LONGEST = 1 << 12;

/** States waiting for their turn, as numbers one after the other. */
class Queue {
  private words = new Int32Array(1 << 16);
  private end = 0;

  push(state: number, from: Int32Array, length: number): void {
    if (this.end + length + 2 > this.words.length) {
      const grown = new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
    }
    this.words[this.end] = state;
    this.words[this.end + 1] = length;
    this.words.set(from.subarray(0, length), this.end + 2);
    this.end += length + 2;
  }

  drain(take: (state: number, words: Int32Array, length: number) => boolean): void {
    for (let at = 0; at < this.end;) {
      const length = this.words[at + 1] ?? 0;
      if (!take(this.words[at] ?? 0, this.words.subarray(at + 2, at + 2 + length), length)) return;
      at += length + 2;
    }
  }

  clear(): void {
    this.end = 0;
  }

  get isEmpty(): boolean {
    return this.end === 0;
  }
}

/** Breadth first over all that can happen within the bounds: a violation found is one of the shortest. */
export class Search {
  readonly shell: Shell;
  readonly moves: Moves;
  readonly canon: Canon;
  private readonly calm: Calm;
  private readonly seen = new SeenStates();
  private readonly buffer = new Int32Array(LONGEST);
  private transitions = 0;

  constructor(readonly bounds: Bounds) {
    this.shell = new Shell(bounds);
    this.canon = new Canon(this.shell);
    this.calm = new Calm(this.shell);
    this.moves = new Moves(this.shell, new Observer(this.shell, bounds), bounds);
  }

  /** Registered at index 1 everywhere, nothing asked for yet. */
  start(): FleetState {
    const nodes = [1, 2, 3].map((self) => this.shell.nodes.of({ ...REGISTERED, self }).id);
    const { crashes, rollbacks, confirmations } = this.bounds;
    const left = { crashesLeft: crashes, rollbacksLeft: rollbacks, confirmationsLeft: confirmations, oldDisk: -1 };
    return { nodes, pool: [], decided: [], confirmed: 0, acknowledged: false, ...left };
  }

  run({ maxStates, onLevel }: SearchLimits): SearchResult {
    let now = new Queue();
    let next = new Queue();
    this.enter(this.start(), 0, now);
    let depth = 0;
    let violation: { readonly rule: string; readonly at: number } | null = null;
    while (!now.isEmpty && violation === null && this.seen.size < maxStates) {
      now.drain((number, words, length) => {
        const state = this.canon.read(words, length);
        try {
          this.moves.from(state, (successor) => {
            this.transitions++;
            this.enter(successor, number, next);
          });
          this.calm.check(state);
        } catch (error) {
          if (!(error instanceof Violation)) throw error;
          violation = { rule: error.message, at: number };
        }
        return violation === null && this.seen.size < maxStates;
      });
      if (violation !== null || this.seen.size >= maxStates) break;
      [now, next] = [next, now];
      next.clear();
      if (!now.isEmpty) depth++;
      onLevel?.(depth, this.seen.size, 0);
    }
    return this.result(depth, now.isEmpty, violation);
  }

  private enter(state: FleetState, parent: number, queue: Queue): void {
    const canonical = this.canon.canonical(state);
    const length = this.canon.write(canonical, this.buffer);
    const number = this.seen.add(this.buffer, length, parent);
    if (number >= 0) queue.push(number, this.buffer, length);
  }

  private result(depth: number, complete: boolean, violation: { readonly rule: string; readonly at: number } | null): SearchResult {
    return {
      states: this.seen.size,
      transitions: this.transitions,
      depth,
      complete,
      violation: violation?.rule ?? null,
      story: violation === null ? [] : this.storyTo(violation.at),
      nodeConditions: this.shell.nodes.size,
      statements: this.shell.statements.size,
      decisions: this.shell.decisions,
      calmRuns: this.calm.checks,
    };
  }

  /** Walks again from the start along the parents of a state. */
  private storyTo(end: number): readonly string[] {
    const path: number[] = [];
    for (let at = end; at !== 0; at = this.seen.parentOf(at)) path.unshift(at);
    const story: string[] = [];
    let state = this.start();
    for (const wanted of path) {
      let found: { readonly state: FleetState; readonly what: string } | null = null;
      this.moves.from(state, (successor, what) => {
        if (found !== null) return;
        const canonical = this.canon.canonical(successor);
        const length = this.canon.write(canonical, this.buffer);
        if (this.seen.numberOf(this.buffer, length) === wanted) found = { state: canonical, what: what() };
      });
      if (found === null) throw new Error('the way to a state cannot be walked again');
      ({ state } = found);
      const { what } = found;
      story.push(what);
    }
    return story;
  }
}
