import { equal, toHex, type Bytes } from '../encoding/bytes.js';
import { entryId } from '../entry/entry-id.js';
import { logValueHash } from '../entry/log-value.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { parseVote } from '../vote/vote.js';
import type { AccountState } from './account-state.js';
import type { LogNode } from './log-node.fixture.js';
import type { LogEffect } from './log-message.js';

interface DecidedOnce {
  readonly hash: string;
  readonly id: string;
  readonly kind: string;
  /** The whole state after it: a pure function of the log (PROTOCOL 4.4). */
  state: string | null;
  budgetFrom: number;
}

/** For specs only: looks at every step of every node, and at nothing that the nodes conclude themselves (PROTOCOL 8). */
export class LogWatch {
  readonly decided = new Map<number, DecidedOnce>();
  readonly refused = new Map<string, Map<number, string>>();
  readonly known = new Map<string, number>();
  readonly misbehaved: { readonly seenBy: number; readonly culprit: number }[] = [];
  /** Numbers whose confirmation some client has made. */
  readonly confirmed = new Set<number>();

  private readonly lastSeen = new Map<number, AccountState>();

  constructor(private readonly roster: FleetRoster) {}

  see(node: LogNode, effects: readonly LogEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'decided') this.seeDecided(node, effect);
      if (effect.kind === 'refused') this.seeRefused(node.self, toHex(effect.id), effect.error.code);
      if (effect.kind === 'known') this.known.set(toHex(effect.id), effect.index);
      if (effect.kind === 'misbehaved') this.misbehaved.push({ seenBy: node.self, culprit: effect.culprit });
    }
    this.seeState(node);
  }

  indexOf(id: Bytes): number | null {
    const name = toHex(id);
    for (const [index, one] of this.decided) if (one.id === name) return index;
    return null;
  }

  private seeRefused(node: number, id: string, code: string): void {
    this.refused.set(id, (this.refused.get(id) ?? new Map<number, string>()).set(node, code));
  }

  private seeDecided(node: LogNode, effect: Extract<LogEffect, { kind: 'decided' }>): void {
    const hash = logValueHash(effect.value);
    const voters = new Set<number>();
    const ballots = new Set<string>();
    for (const { statement } of effect.votes) {
      const vote = parseVote(statement);
      ballots.add(JSON.stringify(vote.ballot));
      if (vote.index === effect.index && equal(vote.valueHash, hash)) voters.add(vote.node);
    }
    if (voters.size < this.roster.q || ballots.size !== 1) throw new Error(`node ${node.self} decided ${effect.index} without q votes`);
    const { core } = effect.logValue.entry;
    const id = toHex(entryId(core));
    const first = this.decided.get(effect.index);
    if (first !== undefined) {
      if (first.hash !== toHex(hash)) throw new Error(`two values are decided at ${effect.index}`);
      return;
    }
    if (this.indexOf(entryId(core)) !== null) throw new Error(`entry ${id} is decided twice`);
    this.decided.set(effect.index, { hash: toHex(hash), id, kind: core.kind, state: null, budgetFrom: 0 });
  }

  /** Logs are prefixes of one another: whoever holds an index as its last has the state that all have there. */
  private seeState(node: LogNode): void {
    const { state } = node.account;
    if (this.lastSeen.get(node.self) === state) return;
    this.lastSeen.set(node.self, state);
    const once = this.decided.get(state.index);
    if (state.index === 0) return;
    if (once === undefined) throw new Error(`node ${node.self} is at ${state.index}, which nobody decided`);
    const seen = JSON.stringify(state, (_, part: unknown) => (part instanceof Uint8Array ? toHex(part) : part));
    if (once.state !== null && once.state !== seen) throw new Error(`nodes disagree about the state at ${state.index}`);
    if (once.state !== null) return;
    once.state = seen;
    once.budgetFrom = state.budgetFrom;
    this.countAttempts();
  }

  /** I1: at most N distinct attempts between two confirmations, or since a fresh budget. */
  private countAttempts(): void {
    let spent = 0;
    let budgetFrom = 0;
    for (let index = 1; index <= this.decided.size; index++) {
      const one = this.decided.get(index);
      if (one === undefined) return;
      if (one.budgetFrom > budgetFrom) spent = 0;
      budgetFrom = one.budgetFrom;
      if (one.kind === 'attempt') spent++;
      if (spent > this.roster.attempts) throw new Error(`attempt ${index} is one too many`);
      if (this.confirmed.has(index)) spent = 0;
    }
  }
}
