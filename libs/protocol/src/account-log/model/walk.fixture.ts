import { Calm } from './calm.fixture.js';
import type { FleetState } from './fleet-state.fixture.js';
import { Search } from './search.fixture.js';
import type { Statement } from './statement.fixture.js';

export interface Walked {
  readonly state: FleetState;
  /** Every vote that could be seen on the way, as `node: attempt at ballot`. */
  readonly votes: readonly string[];
}

/** One way through the model by the names of its steps. After each step no rule is violated and the state is not dead. */
export function walk(search: Search, steps: readonly string[]): Walked {
  const calm = new Calm(search.shell);
  const votes = new Set<string>();
  let state = search.start();
  for (const step of steps) {
    const possible: string[] = [];
    const next: FleetState[] = [];
    search.moves.from(state, (successor, what) => {
      possible.push(what());
      if (what() === step) next.push(search.canon.canonical(successor));
    });
    const [only] = next;
    if (only === undefined) throw new Error(`no such step: ${step}; possible: ${possible.join('; ')}`);
    state = only;
    calm.check(state);
    for (const id of state.pool) seeVote(search.shell.statements.at(id), votes);
  }
  return { state, votes: [...votes] };
}

function seeVote({ kind, signer, value, ballot }: Statement, votes: Set<string>): void {
  if (kind === 'vote') votes.add(`${signer}: ${value & 7} at ${ballot >> 8}.${(ballot >> 4) & 15}`);
}
