import { attemptEvaluate, peerOfferSets } from '@strongroom/contracts';
import { rankNodes, toHex, VaultError, type Ballot, type DecidedSet } from '@strongroom/protocol';
import type { SimAccount, SimAttempt, SimVersion } from '../clients/sim-account.js';
import { SimBus } from '../network/sim-bus.js';
import type { World } from '../run/world.js';
import { WORLD } from '../time/sim-time.js';
import { Allotment } from './allotment.js';
import type { Crew, Wanted } from './crew.js';

const FOREVER = Number.MAX_SAFE_INTEGER;
/** A set is learned, flushed and evaluated on in less. */
const SHOWN_MS = 30;
/** Indices beyond the N-th, at which nothing more may be gained. */
const MORE = 2;

interface Cell {
  readonly attempt: SimAttempt;
  readonly wanted: Wanted;
  readonly nodes: number[];
}

/**
 * The worst that is known for a fleet with corrupt nodes: at every index it tries to get as many values voted for as there
 * are groups of t - b honest nodes, and shows each group its own as decided. Nodes hear of each other what the attacker
 * passes on, which is nothing.
 */
export class SplitAttack {
  private readonly gateway: SimBus;
  private readonly attempts = new Map<number, SimAttempt>();
  private readonly shown: { readonly attempt: SimAttempt; readonly set: DecidedSet }[] = [];

  constructor(
    private readonly world: World,
    private readonly crew: Crew,
    private readonly account: SimAccount,
    private readonly version: SimVersion,
    private readonly honest: readonly number[],
  ) {
    this.gateway = new SimBus(world.exchange, 0, WORLD);
  }

  async run(): Promise<void> {
    const { crew, honest, version } = this;
    const { n, t, q, attempts } = this.world.roster;
    const registration = crew.wanted(version.entry);
    const ballot = await crew.proposeFreely(1, registration, honest);
    const set = crew.setFor(1, ballot, registration);
    if (set === null) throw new Error('the registration is not decided');
    for (const node of honest) this.ask(node, () => this.offer(node, set));
    await this.world.time.runFor(SHOWN_MS);
    const allotment = new Allotment({ honest, needed: t - crew.nodes.length, early: n - q });
    for (let index = 2; index <= attempts + 1 + MORE; index++) await this.split(index, allotment.next(index > attempts));
    // Whatever was ever decidable anywhere is asked of everybody once more.
    for (const { attempt, set: each } of this.shown) for (const node of honest) this.evaluate(node, attempt, each);
    await this.world.time.runFor(SHOWN_MS);
  }

  private async split(index: number, row: ReadonlyMap<number, number>): Promise<void> {
    const cells = this.cells(row);
    const sets = new Map<Cell, DecidedSet>();
    const keep = (cell: Cell, ballot: Ballot): void => {
      const set = this.crew.setFor(index, ballot, cell.wanted);
      if (set !== null) sets.set(cell, set);
    };
    const [first, second] = cells;
    if (first === undefined) return;
    if (second !== undefined && this.isHome) await this.openTwice(index, [first, second], keep);
    else keep(first, await this.crew.proposeFreely(index, first.wanted, this.honest));
    for (const cell of cells) if (!sets.has(cell)) keep(cell, await this.crew.proposeForged(index, cell.wanted, this.honest));
    const [fallback] = sets;
    if (fallback === undefined) return;
    for (const cell of cells) {
      const set = sets.get(cell);
      // Who cannot be shown a value of its own goes on with the others: it is of use at later indices.
      const [attempt, decided] = set === undefined ? [fallback[0].attempt, fallback[1]] : [cell.attempt, set];
      this.shown.push({ attempt, set: decided });
      for (const node of cell.nodes) this.evaluate(node, attempt, decided);
    }
    await this.world.time.runFor(SHOWN_MS);
  }

  private async openTwice(index: number, [most, fewer]: readonly [Cell, Cell], keep: (cell: Cell, ballot: Ballot) => void): Promise<void> {
    const { crew, honest } = this;
    const many = this.world.roster.q - crew.nodes.length;
    const groups = [honest.slice(0, many), honest.slice(many)] as const;
    const zero = await crew.proposeTwice(index, [most.wanted, fewer.wanted], groups);
    keep(most, zero);
    keep(fewer, zero);
    for (const withLeader of [true, false]) keep(fewer, await crew.takeOver(index, zero, fewer.wanted, honest, withLeader));
  }

  private cells(row: ReadonlyMap<number, number>): readonly Cell[] {
    const cells = new Map<number, Cell>();
    for (const [node, name] of row) {
      const attempt = this.attempts.get(name) ?? this.attempt();
      this.attempts.set(name, attempt);
      const cell = cells.get(name) ?? { attempt, wanted: this.crew.wanted(attempt.entry), nodes: [] };
      cell.nodes.push(node);
      cells.set(name, cell);
    }
    return [...cells.values()];
  }

  private get isHome(): boolean {
    return rankNodes(this.account.uid, this.world.roster)[0] === this.crew.nodes[0];
  }

  private attempt(): SimAttempt {
    const attempt = this.account.newAttempt(this.version, false, FOREVER);
    this.world.ledger.of(this.account.uid).attempts.set(toHex(attempt.id), { attempt, index: 0, points: new Map() });
    return attempt;
  }

  private evaluate(node: number, attempt: SimAttempt, set: DecidedSet): void {
    const decided = { ...set, votes: [...set.votes] };
    const request = { uid: this.account.uid, attemptId: attempt.id, waitMs: 0, decided };
    this.ask(node, (at) => this.gateway.call(attemptEvaluate, request, at));
  }

  private offer(node: number, set: DecidedSet): Promise<unknown> {
    const sets = [{ ...set, votes: [...set.votes] }];
    return this.gateway.call(peerOfferSets, { uid: this.account.uid, sets, confirmation: null }, this.at(node));
  }

  private ask(node: number, call: (at: { readonly node: string }) => Promise<unknown>): void {
    call(this.at(node)).catch((error: unknown) => {
      // Being refused is what should happen in the end.
      if (!(error instanceof VaultError)) throw error;
    });
  }

  private at(node: number): { readonly node: string } {
    return { node: `${this.world.roster.fleetId}-${node}` };
  }
}
