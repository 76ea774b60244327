import { FIRST_INDEX, nameOf, NODES, proposerOf } from './bounds.fixture.js';
import { renameValue, type LocalNode } from './local-node.fixture.js';
import type { Shell } from './shell.fixture.js';
import type { Statement } from './statement.fixture.js';

/** Three nodes, all that the gateway may still use, and what an observer of everything knows. */
export interface FleetState {
  /** Ids of nodes 1 to 3. */
  readonly nodes: readonly number[];
  /** Statements that can still have an effect: the gateway hands any of them to any node, at any time, as often as it likes. */
  readonly pool: readonly number[];
  /** Values with q votes that count together, whoever knows of them. */
  readonly decided: readonly number[];
  /** Index that a client has confirmed, 0 for none; acknowledged once q nodes had stored it. */
  readonly confirmed: number;
  readonly acknowledged: boolean;
  readonly confirmationsLeft: number;
  readonly crashesLeft: number;
  readonly rollbacksLeft: number;
  /** The old disk that will come back, as the id of its node; -1 for none yet. */
  readonly oldDisk: number;
}

/** One number sequence for all states that differ in nothing that matters: dead statements dropped, attempts named in order. */
export class Canon {
  private readonly live: Statement[] = [];
  private readonly readers: LocalNode[] = [];

  constructor(private readonly shell: Shell) {}

  canonical(state: FleetState): FleetState {
    const { nodes, statements } = this.shell;
    this.keepLive(state);
    const names = this.namesIn(state);
    const code = names === null ? 0 : codeOf(names);
    if (names === null) return { ...state, pool: this.live.map(({ id }) => id) };
    const rename = (id: number): number => nodes.rename(id, names, code).id;
    const pool = this.live.map(({ id }) => statements.rename(id, names, code)).sort(byShape);
    return {
      ...state,
      nodes: state.nodes.map(rename),
      oldDisk: state.oldDisk < 0 ? -1 : rename(state.oldDisk),
      decided: state.decided.map((value) => renameValue(value, names)),
      pool: pool.map(({ id }) => id),
    };
  }

  /** @returns the length written */
  write(state: FleetState, to: Int32Array): number {
    const { nodes, decided, pool } = state;
    const flags = state.crashesLeft | (state.rollbacksLeft << 2) | (state.confirmationsLeft << 4) | (Number(state.acknowledged) << 6);
    let at = 0;
    for (const id of nodes) to[at++] = id;
    to[at++] = state.oldDisk;
    to[at++] = flags | (state.confirmed << 7) | (decided.length << 12);
    for (const value of decided) to[at++] = value;
    for (const id of pool) to[at++] = id;
    return at;
  }

  read(from: Int32Array, length: number): FleetState {
    const flags = from[NODES + 1] ?? 0;
    const poolAt = NODES + 2 + (flags >> 12);
    return {
      nodes: [from[0] ?? 0, from[1] ?? 0, from[2] ?? 0],
      oldDisk: from[NODES] ?? -1,
      decided: [...from.subarray(NODES + 2, poolAt)],
      pool: [...from.subarray(poolAt, length)],
      crashesLeft: flags & 3,
      rollbacksLeft: (flags >> 2) & 3,
      confirmationsLeft: (flags >> 4) & 3,
      acknowledged: (flags & 64) !== 0,
      confirmed: (flags >> 7) & 31,
    };
  }

  private keepLive(state: FleetState): void {
    const { nodes, statements } = this.shell;
    this.readers.length = 0;
    for (const id of state.nodes) this.readers.push(nodes.at(id));
    if (state.oldDisk >= 0) this.readers.push(nodes.at(state.oldDisk));
    this.live.length = 0;
    for (const id of state.pool) {
      const statement = statements.at(id);
      if (this.isLive(statement, state)) this.live.push(statement);
    }
    this.forgetClaims();
    this.live.sort(byShape);
  }

  /**
   * What a vote or promise says of another's incarnation bars that node's older statements at the same ballot from
   * counting with it. Where there are none left it says nothing, and no new ones can come: a node speaks under an
   * incarnation only when all know it. What then differs in nothing, or only bars more than another, is dropped.
   */
  private forgetClaims(): void {
    const { live } = this;
    for (const [i, statement] of live.entries()) {
      const { kind, signer, incarnations } = statement;
      if ((kind !== 'vote' && kind !== 'promise') || incarnations.every((claim, j) => claim === 1 || j + 1 === signer)) continue;
      let idle = 0;
      incarnations.forEach((claim, j) => {
        const node = j + 1;
        const bars = (other: Statement): boolean =>
          other.signer === node && isBeside(other, statement) && (other.incarnations[j] ?? 0) < claim;
        if (claim > 1 && node !== signer && !live.some(bars)) idle |= 1 << node;
      });
      live[i] = this.shell.statements.withoutClaims(statement, idle);
    }
    for (let i = live.length - 1; i >= 0; i--) {
      const one = live[i];
      if (one !== undefined && live.some((other, j) => j !== i && covers(other, one) && (j < i || !covers(one, other)))) live.splice(i, 1);
    }
  }

  /**
   * Whether anybody can still act on a statement. Promised ballots, indices and incarnations only grow, except at the
   * one rollback, whose disk is looked at like a fourth node: what is dead once is dead for ever.
   */
  private isLive({ kind, signer, index, ballot, value, asker, asked }: Statement, state: FleetState): boolean {
    const { readers } = this;
    if (kind === 'answer' || kind === 'page') {
      const node = readers[asker - 1];
      return node !== undefined && !node.up && node.own === asked && (node.taken & (1 << signer)) === 0;
    }
    const proposer = proposerOf(ballot);
    if (kind === 'vote') {
      if (state.decided[index - FIRST_INDEX] === value) return false;
      return readers.some((node) => node.self !== signer && canVote(node, index, ballot, proposer));
    }
    if (kind === 'promise') {
      const owner = readers[proposer - 1];
      if (owner?.phase === 'prepare' && owner.roundBallot === ballot && owner.open === index) return true;
      if (signer !== proposer) return false;
    }
    return readers.some((node) => node.self !== proposer && canVote(node, index, ballot, proposer));
  }

  /** Attempts in the order in which a walk through the state meets them; null when they are named so already. */
  private namesIn(state: FleetState): readonly number[] | null {
    const names: number[] = [];
    const meet = (name: number): void => {
      if (!names.includes(name)) names.push(name);
    };
    for (const value of state.decided) meet(nameOf(value));
    for (const node of this.readers) for (const name of node.names) meet(name);
    for (const statement of this.live) for (const name of statement.names) meet(name);
    if (names.every((name, i) => name === i)) return null;
    const renamed: number[] = [];
    names.forEach((name, i) => (renamed[name] = i));
    let next = names.length;
    for (let name = 0; name < 4; name++) renamed[name] ??= next++;
    return renamed;
  }
}

/** Whether `node` may yet vote at this ballot: it is there or will come there, is not bound higher and does not fence the proposer. */
function canVote(node: LocalNode, index: number, ballot: number, proposer: number): boolean {
  if (node.open > index) return false;
  if (node.self === proposer) {
    if (node.own !== (ballot & 15)) return false;
  } else if ((node.incarnations[proposer - 1] ?? 0) > (ballot & 15)) return false;
  return node.open < index || node.promised <= ballot;
}

function isBeside(a: Statement, b: Statement): boolean {
  return a.kind === b.kind && a.index === b.index && a.ballot === b.ballot;
}

/** Whether `a` counts wherever `b` does: the same word of the same node, with no higher claim about another. */
function covers(a: Statement, b: Statement): boolean {
  if (!isBeside(a, b) || a.signer !== b.signer || a.value !== b.value || a.under !== b.under) return false;
  if (a.kind !== 'vote' && a.kind !== 'promise') return false;
  return a.incarnations.every((claim, i) => (i + 1 === a.signer ? claim === b.incarnations[i] : claim <= (b.incarnations[i] ?? 0)));
}

function byShape(a: Statement, b: Statement): number {
  return a.shape - b.shape || a.id - b.id;
}

function codeOf(names: readonly number[]): number {
  return names.reduce((code, name, i) => code + name * 8 ** i, 0);
}
