import { findQuorum } from '../../vote/quorum.js';
import { FIRST_INDEX, nameOf, NODES, QUORUM, type Bounds } from './bounds.fixture.js';
import type { FleetState } from './fleet-state.fixture.js';
import type { Shell } from './shell.fixture.js';
import type { Statement } from './statement.fixture.js';
import { Violation } from './violation.fixture.js';

/**
 * Pools every statement and counts by itself, not by what nodes conclude: one value per index, one value per ballot, no
 * entry twice, at most N attempts between two confirmations (I1), no acknowledged confirmation forgotten (I4).
 */
export class Observer {
  private readonly verdicts = new Map<string, boolean>();

  constructor(
    private readonly shell: Shell,
    private readonly bounds: Bounds,
  ) {}

  /** What has been decided once `said` is known too. */
  afterSaid(state: FleetState, said: readonly Statement[]): readonly number[] {
    let { decided } = state;
    const pool = [...state.pool];
    for (const statement of said) {
      if (statement.kind === 'vote' || statement.kind === 'proposal') {
        const same = pool.map((id) => this.shell.statements.at(id)).filter((other) => isOfSameBallot(other, statement));
        if (same.some(({ value }) => value !== statement.value)) throw new Violation('two values are signed at one ballot');
        if (statement.kind === 'vote') decided = this.withVote(decided, statement, same, state.confirmed);
      }
      pool.push(statement.id);
    }
    return decided;
  }

  check(state: FleetState): FleetState {
    const nodes = state.nodes.map((id) => this.shell.nodes.at(id));
    for (const { log } of nodes) {
      if (log.some((value, i) => value !== state.decided[i])) throw new Violation('a node holds for decided what q votes did not decide');
    }
    if (state.confirmed === 0) return state;
    this.requireBudget(state.decided, state.confirmed);
    const knowing = nodes.filter(({ up, lastOk }) => up && lastOk >= state.confirmed).length;
    const lacking = nodes.filter(({ up, lastOk }) => up && lastOk < state.confirmed).length;
    if (state.acknowledged && lacking > NODES - QUORUM) throw new Violation('an acknowledged confirmation is forgotten');
    return state.acknowledged || knowing < QUORUM ? state : { ...state, acknowledged: true };
  }

  private withVote(decided: readonly number[], vote: Statement, same: readonly Statement[], confirmed: number): readonly number[] {
    const votes = [...same.filter(({ kind }) => kind === 'vote'), vote];
    if (!this.decides(votes)) return decided;
    const place = vote.index - FIRST_INDEX;
    if (place > decided.length) throw new Violation('an index is decided before the one below it');
    if (place < decided.length) {
      if (decided[place] !== vote.value) throw new Violation('two values are decided at one index');
      return decided;
    }
    if (decided.some((value) => nameOf(value) === nameOf(vote.value))) throw new Violation('one attempt is decided twice');
    const now = [...decided, vote.value];
    this.requireBudget(now, confirmed);
    return now;
  }

  /** By this observer's own count; the real one must come to the same. */
  private decides(votes: readonly Statement[]): boolean {
    const key = votes.map(({ id }) => id).join();
    const known = this.verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = votes.some((a) => votes.some((b) => a.signer !== b.signer && !fences(a, b) && !fences(b, a)));
    const real = findQuorum(
      votes.map((vote) => this.shell.concrete.vote(vote)),
      QUORUM,
    );
    if (real !== null && !verdict) throw new Violation('a set of votes counts that must not');
    if (real === null && verdict) throw new Violation('a set of votes does not count that must');
    this.verdicts.set(key, verdict);
    return verdict;
  }

  private requireBudget(decided: readonly number[], confirmed: number): void {
    const before = decided.filter((_, i) => i + FIRST_INDEX <= confirmed).length;
    const after = decided.length - before;
    if (Math.max(before, after) > this.bounds.budget) throw new Violation('an attempt is one too many');
  }
}

function isOfSameBallot(a: Statement, b: Statement): boolean {
  return (a.kind === 'vote' || a.kind === 'proposal') && a.index === b.index && a.ballot === b.ballot;
}

/** Whether `a` knows of a later incarnation of the signer of `b` (PROTOCOL 4.6). */
function fences(a: Statement, b: Statement): boolean {
  return (a.incarnations[b.signer - 1] ?? 0) > (b.incarnations[b.signer - 1] ?? 0);
}
