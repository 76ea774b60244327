import { FIRST_INDEX, nameOf, roundOf, type Bounds } from './bounds.fixture.js';
import type { FleetState } from './fleet-state.fixture.js';
import type { LocalNode } from './local-node.fixture.js';
import type { Observer } from './observer.fixture.js';
import { Rejoin } from './rejoin.fixture.js';
import type { Outcome, Shell } from './shell.fixture.js';
import type { Statement } from './statement.fixture.js';
import { Violation } from './violation.fixture.js';

export type Visit = (next: FleetState, what: () => string) => void;

/** Every step that a node, a client, the gateway, the network or a fault can take from a state. */
export class Moves {
  private readonly rejoin: Rejoin;

  constructor(
    private readonly shell: Shell,
    private readonly observer: Observer,
    private readonly bounds: Bounds,
  ) {
    this.rejoin = new Rejoin(shell);
  }

  /** @throws Violation */
  from(state: FleetState, visit: Visit): void {
    const pool = state.pool.map((id) => this.shell.statements.at(id));
    for (const id of state.nodes) {
      const node = this.shell.nodes.at(id);
      if (node.up) {
        this.listen(state, node, pool, visit);
        this.propose(state, node, pool, visit);
        this.catchUp(state, node, visit);
      } else {
        this.takePages(state, node, pool, visit);
      }
      this.fail(state, node, visit);
    }
    if (state.confirmationsLeft > 0) this.confirm(state, visit);
  }

  private listen(state: FleetState, node: LocalNode, pool: readonly Statement[], visit: Visit): void {
    for (const statement of pool) {
      const { kind, signer, ballot } = statement;
      const isPrepare = kind === 'promise' && ((ballot >> 4) & 15) === signer;
      if (signer === node.self || !(isPrepare || kind === 'proposal' || kind === 'vote' || kind === 'promise')) continue;
      if (kind === 'promise' && !isPrepare) continue;
      const outcome = this.shell.hear(node, statement);
      this.go(state, node, outcome, visit, () => `node ${node.self} hears ${told(statement)}`);
    }
  }

  private propose(state: FleetState, node: LocalNode, pool: readonly Statement[], visit: Visit): void {
    const names = this.names(state, pool);
    const asked = names.filter((name) => !node.log.some((value) => nameOf(value) === name));
    const first = asked[0];
    if (first === undefined) return;
    for (const name of asked) {
      const outcome = this.shell.submit(node, name);
      if (this.isTooHigh(outcome)) break;
      this.go(state, node, outcome, visit, () => `node ${node.self} is asked for attempt ${name}`);
      // Only a proposal without promises depends on the name: with promises it is chosen once they are there.
      if (!outcome.said.some(({ kind }) => kind === 'proposal')) break;
    }
    for (let round = roundOf(Math.max(node.promised, 0)) + 2; round <= this.bounds.rounds; round++) {
      const outcome = this.shell.leap(node, first, round);
      this.go(state, node, outcome, visit, () => `node ${node.self} goes to round ${round}`);
    }
    if (node.phase !== 'none') {
      const outcome = this.shell.sendAgain(node);
      this.go(state, node, outcome, visit, () => `node ${node.self} sends its round again`);
    }
    if (node.phase === 'prepare') this.collect(state, node, pool, asked, visit);
  }

  private collect(state: FleetState, node: LocalNode, pool: readonly Statement[], asked: readonly number[], visit: Visit): void {
    const mine = pool.filter(({ kind, ballot, index }) => kind === 'promise' && ballot === node.roundBallot && index === node.open);
    for (const one of mine) {
      for (const other of mine) {
        if (one.signer === other.signer) continue;
        for (const name of asked) {
          const outcome = this.shell.collect(node, [one, other], name);
          this.go(state, node, outcome, visit, () => `node ${node.self} has promises of ${one.signer} and ${other.signer}, wants ${name}`);
        }
      }
    }
  }

  private catchUp(state: FleetState, node: LocalNode, visit: Visit): void {
    const value = state.decided[node.open - FIRST_INDEX];
    if (value !== undefined) {
      const outcome = this.shell.learn(node, value);
      this.go(state, node, outcome, visit, () => `node ${node.self} is given the set of index ${node.open}`);
    }
    const confirmed = node.log[state.confirmed - FIRST_INDEX];
    if (confirmed === undefined || node.lastOk >= state.confirmed) return;
    const outcome = this.shell.confirm(node, state.confirmed, confirmed);
    this.go(state, node, outcome, visit, () => `node ${node.self} hears the confirmation of index ${state.confirmed}`);
  }

  private takePages(state: FleetState, node: LocalNode, pool: readonly Statement[], visit: Visit): void {
    for (const id of state.nodes) {
      const peer = this.shell.nodes.at(id);
      if (peer.self === node.self || (node.taken & (1 << peer.self)) !== 0) continue;
      const told = pool.find(
        ({ kind, asker, signer }) => (kind === 'answer' || kind === 'page') && asker === node.self && signer === peer.self,
      );
      if (told?.kind === 'page') {
        const outcome = this.rejoin.takeOver(node, told);
        this.go(state, node, outcome, visit, () => `node ${node.self} takes over what node ${peer.self} handed it`);
      } else if (told?.kind === 'answer') {
        const shown = this.rejoin.page(told, peer);
        const others = state.pool.filter((other) => other !== told.id);
        // Alone and with no fault to come, a node that rejoins shows nobody when it took over: at once is as good as late.
        const isAlone =
          state.crashesLeft + state.rollbacksLeft === 0 && state.nodes.every((at) => at === node.id || this.shell.nodes.at(at).up);
        if (isAlone) {
          const outcome = this.rejoin.takeOver(node, shown);
          this.go({ ...state, pool: others }, node, outcome, visit, () => `node ${node.self} takes over what node ${peer.self} holds now`);
          continue;
        }
        visit({ ...state, pool: [...others, shown.id] }, () => `node ${peer.self} hands its state to node ${node.self}`);
      } else if (this.rejoin.mayAnswer(peer, node)) {
        const outcome = this.rejoin.answer(peer, node);
        this.go(state, peer, outcome, visit, () => `node ${peer.self} answers incarnation ${node.own} of node ${node.self}`);
      } else {
        const known = peer.incarnations[node.self - 1] ?? 0;
        const above = this.rejoin.askAbove(node, known);
        const pool = this.withoutPages(state, node);
        this.go(
          { ...state, pool },
          node,
          { node: above, said: [], accuses: false },
          visit,
          () => `node ${peer.self} refuses incarnation ${node.own} of node ${node.self}`,
        );
      }
    }
  }

  private fail(state: FleetState, node: LocalNode, visit: Visit): void {
    const { nodes } = this.shell;
    const pool = this.withoutPages(state, node);
    if (state.crashesLeft > 0 && isAt(this.bounds.crashAt, node)) {
      const again = this.rejoin.restart(this.rejoin.diskOf(node));
      const left = { ...state, pool, crashesLeft: state.crashesLeft - 1 };
      this.go(left, node, { node: again, said: [], accuses: false }, visit, () => `node ${node.self} crashes and starts again`);
    }
    if (state.oldDisk < 0 || nodes.at(state.oldDisk).self !== node.self) return;
    const again = this.rejoin.restart(nodes.at(state.oldDisk));
    const left = { ...state, pool, rollbacksLeft: state.rollbacksLeft - 1, oldDisk: -1 };
    this.go(left, node, { node: again, said: [], accuses: false }, visit, () => `node ${node.self} starts again with an old disk`);
  }

  private confirm(state: FleetState, visit: Visit): void {
    state.decided.forEach((_, i) => {
      const index = i + FIRST_INDEX;
      if (index <= state.confirmed) return;
      const next = { ...state, confirmed: index, confirmationsLeft: state.confirmationsLeft - 1, acknowledged: false };
      visit(this.observer.check(next), () => `the client confirms index ${index}`);
    });
  }

  /** @param state already without what this step uses up */
  private go(state: FleetState, before: LocalNode, { node, said, accuses }: Outcome, visit: Visit, what: () => string): void {
    if (accuses) throw new Violation('an honest node is accused');
    if (node.id === before.id && said.every(({ id }) => state.pool.includes(id))) return;
    const fresh = said.filter(({ id }) => !state.pool.includes(id));
    const nodes = state.nodes.map((id, i) => (i + 1 === node.self ? node.id : id));
    const decided = fresh.length === 0 ? state.decided : this.observer.afterSaid(state, fresh);
    const next = this.observer.check({
      ...state,
      nodes,
      decided,
      pool: fresh.length === 0 ? state.pool : [...state.pool, ...fresh.map(({ id }) => id)],
    });
    visit(next, what);
    if (state.rollbacksLeft === 0 || state.oldDisk >= 0 || !isAt(this.bounds.rollbackAt, node)) return;
    const disk = this.rejoin.diskOf(before);
    if (this.rejoin.diskOf(node).id === disk.id) return;
    visit({ ...next, oldDisk: disk.id }, () => `${what()}; its disk of before is kept`);
  }

  /** The attempts that play a part already, and one more: the rest is like that one. */
  private names(state: FleetState, pool: readonly Statement[]): readonly number[] {
    let used = 0;
    for (const value of state.decided) used |= 1 << nameOf(value);
    for (const id of state.nodes) used |= this.shell.nodes.at(id).used;
    for (const statement of pool) used |= statement.used;
    if (state.oldDisk >= 0) used |= this.shell.nodes.at(state.oldDisk).used;
    const all = Array.from({ length: this.bounds.attempts }, (_, name) => name);
    const fresh = all.find((name) => (used & (1 << name)) === 0);
    return all.filter((name) => (used & (1 << name)) !== 0 || name === fresh);
  }

  private withoutPages(state: FleetState, node: LocalNode): readonly number[] {
    return state.pool.filter((id) => {
      const { kind, asker } = this.shell.statements.at(id);
      return (kind !== 'answer' && kind !== 'page') || asker !== node.self;
    });
  }

  private isTooHigh({ node }: Outcome): boolean {
    return node.phase === 'prepare' && roundOf(node.roundBallot) > this.bounds.rounds;
  }
}

/** @param where a node's number, 0 for any */
function isAt(where: number, { self }: LocalNode): boolean {
  return where === 0 || where === self;
}

function told({ kind, signer, ballot, index, value }: Statement): string {
  const at = `${ballot >> 8}.${(ballot >> 4) & 15}.${ballot & 15} at index ${index}`;
  return kind === 'promise'
    ? `the prepare of ${signer} for ballot ${at}`
    : `the ${kind} of ${signer} for attempt ${nameOf(value)}, ballot ${at}`;
}
