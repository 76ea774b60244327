import { firstRound, parseVote, rosterOfEpoch, toHex, type FleetRoster, type Vote } from '@strongroom/protocol';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import { epochOf, isAllowed } from './justified.js';

type Accuse = (rule: string, story: string) => void;

/** What is proposed, and what is voted for, as far as promises allow it and ballots are a node's own (PROTOCOL 4.2). */
export class ProposalRules {
  /** Proposals that were ever made, and whether any set of promises that came with them allows them. */
  private readonly made = new Map<string, boolean>();

  constructor(
    private readonly roster: () => FleetRoster,
    private readonly accuse: Accuse,
  ) {}

  /** @param honest whatever a corrupt node proposes only binds those who vote for it */
  hear({ node, incarnation, signed, proposals, reports }: BatchMessage, honest: boolean): void {
    if (signed === null) return;
    for (const [leaf, statement] of signed.statements.entries()) {
      if (reports.some((report) => report.leaf === leaf)) continue;
      const vote = parseVote(statement);
      const proposal = proposals.find((one) => one.leaf === leaf);
      if (proposal !== undefined && vote.ballot.node === node) {
        if (honest && vote.ballot.incarnation !== incarnation)
          this.accuse('4.2', `node ${node} proposes at a ballot of its incarnation ${vote.ballot.incarnation} and lives as ${incarnation}`);
        const allowed = this.isAllowed(
          vote,
          proposal.promises.map((promise) => promise.signed.statement),
        );
        this.made.set(nameOf(vote), allowed || this.made.get(nameOf(vote)) === true);
        if (honest && !allowed) this.accuse('4.2', `node ${node} proposes at index ${vote.index} what its promises do not allow`);
      } else if (honest && this.made.get(nameOf(vote)) === false) {
        this.accuse('4.2', `node ${node} votes at index ${vote.index} for what no promises allow`);
      }
    }
  }

  private isAllowed(vote: Vote, promises: Parameters<typeof isAllowed>[1]): boolean {
    const epoch = epochOf(vote.ballot.round);
    if (vote.ballot.round === firstRound(epoch)) return true;
    return epoch === vote.epoch && isAllowed(vote, promises, rosterOfEpoch(this.roster(), epoch));
  }
}

function nameOf({ uid, index, ballot, valueHash }: Vote): string {
  return `${toHex(uid)} ${index} ${ballot.round}.${ballot.node}.${ballot.incarnation} ${toHex(valueHash)}`;
}
