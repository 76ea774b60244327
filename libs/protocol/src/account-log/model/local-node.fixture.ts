import { FIRST_INDEX, nameOf, NO_VALUE, valueNumber, lastOkOfValue } from './bounds.fixture.js';

export type Phase = 'none' | 'prepare' | 'accept';

/** Everything about one node that can matter from now on, in numbers; `concrete.fixture.ts` makes the real account of it. */
export interface NodeFacts {
  readonly self: number;
  /** False while it rejoins. */
  readonly up: boolean;
  /** Peers whose state it has taken over in this rejoin, as bits 1 << node. */
  readonly taken: number;
  readonly incarnations: readonly number[];
  /** Nodes whose incarnation it knows from third parties alone, as bits 1 << node (PROTOCOL 7.3). */
  readonly hearsay: number;
  /** Values decided here, from `FIRST_INDEX` on. */
  readonly log: readonly number[];
  /** Index of the confirmation it has stored, 0 for none. */
  readonly lastOk: number;
  readonly promised: number;
  readonly acceptedBallot: number;
  readonly acceptedValue: number;
  /** Its own round, which is over as soon as it has promised something higher. */
  readonly phase: Phase;
  readonly roundBallot: number;
  /** In phase accept: what its promises demanded, and how many they were. */
  readonly demandedBallot: number;
  readonly demandedValue: number;
  readonly promises: number;
}

export interface LocalNode extends NodeFacts {
  readonly id: number;
  /** The index that is not decided here yet. */
  readonly open: number;
  readonly own: number;
  /** Names of attempts in it, in the order in which they appear. */
  readonly names: readonly number[];
  /** The same as bits 1 << name. */
  readonly used: number;
}

/** Every node in every condition it was ever found in, each once. */
export class Nodes {
  private readonly all: LocalNode[] = [];
  private readonly byKey = new Map<string, LocalNode>();
  private readonly renamed = new Map<number, LocalNode>();

  get size(): number {
    return this.all.length;
  }

  at(id: number): LocalNode {
    const node = this.all[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  }

  of(facts: NodeFacts): LocalNode {
    const { self, up, taken, incarnations, hearsay, log, lastOk, promised, acceptedBallot, acceptedValue } = facts;
    const round = [facts.phase, facts.roundBallot, facts.demandedBallot, facts.demandedValue, facts.promises];
    const key = [self, up, taken, ...incarnations, hearsay, lastOk, promised, acceptedBallot, acceptedValue, ...round, ...log].join();
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const names = [...log, acceptedValue, facts.demandedValue].filter((value) => value !== NO_VALUE).map(nameOf);
    const own = incarnations[self - 1] ?? 0;
    const node = { ...facts, id: this.all.length, open: log.length + FIRST_INDEX, own, names, used: bitsOf(names) };
    this.all.push(node);
    this.byKey.set(key, node);
    return node;
  }

  /** The same node in a world where attempt i is called `names[i]`. @param code tells `names` apart */
  rename(id: number, names: readonly number[], code: number): LocalNode {
    const at = id * 4096 + code;
    const known = this.renamed.get(at);
    if (known !== undefined) return known;
    const node = this.at(id);
    const { log, acceptedValue, demandedValue } = node;
    const values = { acceptedValue: renameValue(acceptedValue, names), demandedValue: renameValue(demandedValue, names) };
    const renamed = this.of({ ...node, ...values, log: log.map((value) => renameValue(value, names)) });
    this.renamed.set(at, renamed);
    return renamed;
  }
}

export function renameValue(value: number, names: readonly number[]): number {
  return value === NO_VALUE ? NO_VALUE : valueNumber(names[nameOf(value)] ?? nameOf(value), lastOkOfValue(value));
}

export function bitsOf(names: readonly number[]): number {
  return names.reduce((bits, name) => bits | (1 << name), 0);
}
