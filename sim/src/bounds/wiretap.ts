import {
  compareBallots,
  equal,
  parsePromise,
  parseVote,
  type Ballot,
  type Bytes,
  type FleetRoster,
  type SignedStatement,
} from '@strongroom/protocol';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import type { Proposals } from '../adversary/corrupt-speech.js';
import { saidStatements } from '../adversary/said-statements.js';

type Evidence = Proposals[number]['promises'][number];

/** What honest nodes have signed, as the attacker heard it. */
export class Wiretap {
  private readonly votes: SignedStatement[] = [];
  private readonly promises: Evidence[] = [];

  constructor(private readonly roster: FleetRoster) {}

  hear(message: BatchMessage): void {
    for (const [leaf, signed] of saidStatements(message, this.roster).entries()) {
      const report = message.reports.find((one) => one.leaf === leaf);
      if (report === undefined) this.votes.push(signed);
      else this.promises.push({ signed, proof: report.accepted?.proof ?? null });
    }
  }

  /** One vote of each node. */
  votesFor(index: number, ballot: Ballot, valueHash: Bytes): readonly SignedStatement[] {
    const here = this.votes.filter(({ statement }) => {
      const vote = parseVote(statement);
      return vote.index === index && compareBallots(vote.ballot, ballot) === 0 && equal(vote.valueHash, valueHash);
    });
    return here.filter(({ node }, i) => here.findIndex((other) => other.node === node) === i);
  }

  promisesFor(index: number, ballot: Ballot): readonly Evidence[] {
    return this.promises.filter(({ signed }) => {
      const promise = parsePromise(signed.statement);
      return promise.index === index && compareBallots(promise.ballot, ballot) === 0;
    });
  }
}
