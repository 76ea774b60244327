import { nameOf, NO_VALUE } from './bounds.fixture.js';
import { bitsOf, renameValue, type Nodes } from './local-node.fixture.js';
import { Memo } from './memo.fixture.js';

/**
 * What a node has signed. A proposal is its proposer's vote with the value and the promises; an answer and a page are
 * what a rejoining node is told (PROTOCOL 7.3). Signatures themselves are not modelled: nobody can forge one.
 */
export type StatementKind = 'promise' | 'proposal' | 'vote' | 'answer' | 'page';

export interface StatementFacts {
  readonly kind: StatementKind;
  readonly signer: number;
  /** All that its signer has stored; empty for a proposal, which is told apart by its ballot. */
  readonly incarnations: readonly number[];
  readonly index: number;
  readonly ballot: number;
  /** The value voted for or proposed, or what a promise reports as accepted. */
  readonly value: number;
  /** Ballot at which a promise reports its value, or that of the value a proposal's promises demand. */
  readonly under: number;
  /** The value that a proposal's promises demand. */
  readonly demanded: number;
  /** How many promises a proposal carries. */
  readonly promises: number;
  /** Whom an answer or a page is for, and which incarnation of it. */
  readonly asker: number;
  readonly asked: number;
  /** The account that a page shows, as the id of its node. */
  readonly shows: number;
}

export interface Statement extends StatementFacts {
  readonly id: number;
  /** Equal for statements that differ in names only. */
  readonly shape: number;
  readonly names: readonly number[];
  /** The same as bits 1 << name. */
  readonly used: number;
}

export const PLAIN = {
  ...{ incarnations: [], index: 0, ballot: -1, value: NO_VALUE, under: -1, demanded: NO_VALUE },
  ...{ promises: 0, asker: 0, asked: 0, shows: -1 },
} as const;

/** Every statement that was ever made, each once. */
export class Statements {
  private readonly all: Statement[] = [];
  private readonly byKey = new Map<string, Statement>();
  private readonly shapes = new Map<string, number>();
  private readonly silent = new Memo<Statement>();
  private readonly renamed = new Map<number, Statement>();

  constructor(private readonly nodes: Nodes) {}

  get size(): number {
    return this.all.length;
  }

  at(id: number): Statement {
    const statement = this.all[id];
    if (statement === undefined) throw new RangeError(`no statement ${id}`);
    return statement;
  }

  of(facts: StatementFacts): Statement {
    const { kind, signer, incarnations, index, ballot, value, under, demanded, promises, asker, asked, shows } = facts;
    const shown = shows < 0 ? null : this.nodes.at(shows);
    const fixed = [kind, signer, ...incarnations, index, ballot, under, promises, asker, asked].join();
    const key = `${fixed} ${value} ${demanded} ${shows}`;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const names = [...[value, demanded].filter((one) => one !== NO_VALUE).map(nameOf), ...(shown?.names ?? [])];
    const lastOks = [value, demanded].map((one) => one >> 3).join();
    const page = shown === null ? '' : [shown.promised, shown.acceptedBallot, shown.acceptedValue >> 3, shown.open].join();
    const statement = { ...facts, id: this.all.length, shape: this.shapeOf(`${fixed} ${lastOks} ${page}`), names, used: bitsOf(names) };
    this.all.push(statement);
    this.byKey.set(key, statement);
    return statement;
  }

  rename(id: number, names: readonly number[], code: number): Statement {
    const at = id * 4096 + code;
    const known = this.renamed.get(at);
    if (known !== undefined) return known;
    const statement = this.at(id);
    const { value, demanded, shows } = statement;
    const renamed = this.of({
      ...statement,
      value: renameValue(value, names),
      demanded: renameValue(demanded, names),
      shows: shows < 0 ? shows : this.nodes.rename(shows, names, code).id,
    });
    this.renamed.set(at, renamed);
    return renamed;
  }

  /** The same statement with no claim about the nodes whose bits 1 << node are in `about`. */
  withoutClaims(statement: Statement, about: number): Statement {
    if (about === 0) return statement;
    return this.silent.of(statement.id, about, 0, () => {
      const incarnations = statement.incarnations.map((claim, i) => ((about & (1 << (i + 1))) === 0 ? claim : 1));
      return this.of({ ...statement, incarnations });
    });
  }

  private shapeOf(key: string): number {
    const known = this.shapes.get(key) ?? this.shapes.size;
    this.shapes.set(key, known);
    return known;
  }
}
