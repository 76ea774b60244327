import { findQuorum } from '../../vote/quorum.js';
import { FIRST_INDEX, FRESH, nameOf, QUORUM, roundOf } from './bounds.fixture.js';
import type { FleetState } from './fleet-state.fixture.js';
import type { LocalNode } from './local-node.fixture.js';
import { Rejoin } from './rejoin.fixture.js';
import type { Shell } from './shell.fixture.js';
import type { Statement } from './statement.fixture.js';
import { Violation } from './violation.fixture.js';

/** More entries than can be bound before the one that is asked for. */
const TURNS = 8;

/**
 * I8, by construction: from each state, each q nodes that are up are left alone with a network that delivers, and an
 * attempt that nobody has seen yet must be decided, whichever of them proposes it, or no attempt be left. Nodes that
 * rejoin are first handed the state of both peers. Depends on the nodes alone: whatever else the gateway holds is not needed.
 */
export class Calm {
  private readonly calm = new Set<number>();
  private readonly rejoined = new Set<string>();
  private readonly rejoin: Rejoin;
  checks = 0;

  constructor(private readonly shell: Shell) {
    this.rejoin = new Rejoin(shell);
  }

  /** @throws Violation when the state is dead */
  check(state: FleetState): void {
    const nodes = state.nodes.map((id) => this.shell.nodes.at(id));
    if (nodes.every(({ up }) => up)) return this.checkPairs(nodes);
    const up = nodes.filter((node) => node.up);
    this.checkPairs(up);
    const key = `${state.nodes.join()}`;
    if (this.rejoined.has(key)) return;
    this.rejoined.add(key);
    this.checkPairs(this.letRejoin(nodes));
  }

  private letRejoin(nodes: readonly LocalNode[]): readonly LocalNode[] {
    const now = [...nodes];
    nodes.forEach(({ up }, i) => {
      if (up) return;
      const self = i + 1;
      const highest = Math.max(...now.map(({ incarnations }) => incarnations[i] ?? 0));
      const node = now[i];
      if (node === undefined) return;
      let asking = node.own < highest ? this.rejoin.askAbove(node, highest - 1) : this.rejoin.askAbove(node, highest);
      now.forEach((peer, j) => {
        if (peer.self === self) return;
        if (!this.rejoin.mayAnswer(peer, asking)) throw new Violation('a peer refuses an incarnation above all');
        const { node: answered, said } = this.rejoin.answer(peer, asking);
        now[j] = answered;
        for (const one of said) asking = this.rejoin.takeOver(asking, this.rejoin.page(one, answered)).node;
      });
      now[i] = asking;
    });
    if (now.some(({ up }) => !up)) throw new Violation('a node cannot rejoin');
    return now;
  }

  private checkPairs(up: readonly LocalNode[]): void {
    for (const one of up) for (const other of up) if (one.self !== other.self) this.checkPair(one, other);
  }

  private checkPair(proposer: LocalNode, acceptor: LocalNode): void {
    const key = proposer.id * 2 ** 24 + acceptor.id;
    if (this.calm.has(key)) return;
    this.checks++;
    this.run(proposer, acceptor);
    this.calm.add(key);
  }

  private run(proposer: LocalNode, acceptor: LocalNode): void {
    let [one, other] = this.share(proposer, acceptor);
    for (let turn = 0; turn < TURNS; turn++) {
      if (one.log.some((value) => nameOf(value) === FRESH)) return;
      if (this.isLocked(one)) return;
      [one, other] = this.decideOne(one, other);
    }
    throw new Violation('dead state: nothing is decided although q nodes are up');
  }

  /** Sets and confirmations. */
  private share(one: LocalNode, other: LocalNode): readonly [LocalNode, LocalNode] {
    return [this.catchUp(one, other), this.catchUp(other, one)];
  }

  private catchUp(node: LocalNode, from: LocalNode): LocalNode {
    let now = node;
    for (const value of from.log.slice(node.log.length)) now = this.shell.learn(now, value).node;
    const value = now.log[from.lastOk - FIRST_INDEX];
    return value === undefined || from.lastOk <= now.lastOk ? now : this.shell.confirm(now, from.lastOk, value).node;
  }

  /** By this check's own count. */
  private isLocked({ log, lastOk }: LocalNode): boolean {
    return log.filter((_, i) => i + FIRST_INDEX > lastOk).length >= this.shell.bounds.budget;
  }

  /** The proposer goes above all that both have promised; the acceptor hears and answers everything. */
  private decideOne(proposer: LocalNode, acceptor: LocalNode): readonly [LocalNode, LocalNode] {
    const index = proposer.open;
    const round = roundOf(Math.max(proposer.promised, acceptor.promised, 0)) + 1;
    const prepared = this.shell.leap(proposer, FRESH, round);
    let other = acceptor;
    const promises = [...prepared.said];
    for (const one of prepared.said) {
      const heard = this.shell.hear(other, one);
      other = heard.node;
      promises.push(...heard.said);
    }
    const proposed = this.shell.collect(prepared.node, promises, FRESH);
    const votes: Statement[] = proposed.said.filter(({ kind }) => kind === 'vote');
    for (const one of proposed.said.filter(({ kind }) => kind === 'proposal')) {
      const heard = this.shell.hear(other, one);
      other = heard.node;
      votes.push(...heard.said.filter(({ kind }) => kind === 'vote'));
    }
    const quorum = findQuorum(
      votes.map((vote) => this.shell.concrete.vote(vote)),
      QUORUM,
    );
    const value = votes[0]?.value;
    if (quorum === null || value === undefined) return [proposed.node, other];
    return [this.learn(proposed.node, index, value), this.learn(other, index, value)];
  }

  private learn(node: LocalNode, index: number, value: number): LocalNode {
    return node.open === index ? this.shell.learn(node, value).node : node;
  }
}
