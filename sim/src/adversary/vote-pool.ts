import { batchBroadcast } from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import {
  equal,
  parseLogValue,
  parseVote,
  entryId,
  toHex,
  logValueHash,
  type Bytes,
  type DecidedSet,
  type FleetRoster,
  type SignedStatement,
} from '@strongroom/protocol';
import { saidStatements } from './said-statements.js';

interface Group {
  readonly index: number;
  readonly uid: Bytes;
  readonly valueHash: Bytes;
  /** By node, oldest first. */
  readonly votes: Map<number, SignedStatement[]>;
}

/** Every vote that was ever said, with the values: what whoever owns the bus can make sets of, at any later time. */
export class VotePool {
  private readonly groups = new Map<string, Group>();
  private readonly values = new Map<string, Bytes>();

  constructor(private readonly roster: FleetRoster) {}

  /** @returns sets that are whole since this was heard: with the oldest vote of each node, and with the newest */
  hear(payload: Bytes): readonly { readonly uid: Bytes; readonly set: DecidedSet }[] {
    const message = decodeMessage(payload, batchBroadcast.maxBytes, batchBroadcast.message);
    for (const { value } of message.proposals) this.values.set(toHex(logValueHash(value)), value);
    const groups = new Set<Group>();
    for (const [leaf, statement] of saidStatements(message, this.roster).entries()) {
      if (!message.reports.some((report) => report.leaf === leaf)) groups.add(this.add(statement));
    }
    return [...groups].flatMap((group) => this.whole(group));
  }

  /** Sets for every attempt that somebody voted for: with the oldest votes there are, whole or not. */
  sets(): readonly { readonly uid: Bytes; readonly attemptId: Bytes; readonly set: DecidedSet; readonly voters: number }[] {
    return [...this.groups.values()].flatMap(({ uid, index, valueHash, votes }) => {
      const value = this.values.get(toHex(valueHash));
      if (value === undefined) return [];
      const { core } = parseLogValue(value, () => true).entry;
      if (core.kind !== 'attempt') return [];
      const oldest = [...votes.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
      return [{ uid, attemptId: entryId(core), set: { index, value, votes: oldest.slice(0, this.roster.q) }, voters: votes.size }];
    });
  }

  private whole({ uid, index, valueHash, votes }: Group): readonly { readonly uid: Bytes; readonly set: DecidedSet }[] {
    const value = this.values.get(toHex(valueHash));
    if (value === undefined || votes.size < this.roster.q) return [];
    return [0, -1].map((at) => {
      const each = [...votes.values()].flatMap((one) => one.at(at) ?? []);
      return { uid, set: { index, value, votes: each.slice(-this.roster.q) } };
    });
  }

  private add(signed: SignedStatement): Group {
    const { uid, index, ballot, valueHash, node } = parseVote(signed.statement);
    const name = `${toHex(uid)} ${index} ${ballot.round}.${ballot.node}.${ballot.incarnation} ${toHex(valueHash)}`;
    const group = this.groups.get(name) ?? { index, uid, valueHash, votes: new Map<number, SignedStatement[]>() };
    const known = group.votes.get(node) ?? [];
    if (!known.some((one) => equal(one.statement, signed.statement))) group.votes.set(node, [...known, signed]);
    this.groups.set(name, group);
    return group;
  }
}
