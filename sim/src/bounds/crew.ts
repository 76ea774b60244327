import { batchBroadcast } from '@strongroom/contracts';
import {
  encodeLogValue,
  equal,
  logValueHash,
  parsePromise,
  type Ballot,
  type Bytes,
  type DecidedSet,
  type Entry,
  type SignedStatement,
} from '@strongroom/protocol';
import type { Proposals } from '../adversary/corrupt-speech.js';
import type { Voice, World } from '../run/world.js';
import { WORLD } from '../time/sim-time.js';
import { Wiretap } from './wiretap.js';

type Evidence = Proposals[number]['promises'][number];

/** A prepare, its answers and their flushes take less. */
const ROUND_MS = 20;

/** What the attacker wants decided, fixed once: every vote for it must be for the same bytes. */
export interface Wanted {
  readonly value: Bytes;
  readonly hash: Bytes;
}

/** The corrupt nodes, acting as one: they own the bus, and whoever they choose hears only what they choose. */
export class Crew {
  private readonly voices: Voice[] = [];
  private readonly tap: Wiretap;
  private round = 0;

  constructor(
    private readonly world: World,
    private readonly uid: Bytes,
    /** The first of them leads. */
    readonly nodes: readonly number[],
  ) {
    this.tap = new Wiretap(world.roster);
  }

  async start(): Promise<void> {
    const { world, nodes } = this;
    for (const node of nodes) {
      const voice = world.voiceOf(node);
      world.time.current = voice.life;
      await voice.desk.start();
      if (this.voices.length === 0)
        await voice.bus.onBroadcast(batchBroadcast, world.roster.fleetId, (message) => {
          if (!nodes.includes(message.node)) this.tap.hear(message);
        });
      this.voices.push(voice);
    }
    world.time.current = WORLD;
  }

  wanted(entry: Entry): Wanted {
    const value = encodeLogValue({ stampMs: this.world.time.nowMs, lastOk: 0, entry });
    return { value, hash: logValueHash(value) };
  }

  /** As an honest proposer would: with q promises, of which the corrupt ones report nothing. */
  async proposeFreely(index: number, wanted: Wanted, honest: readonly number[]): Promise<Ballot> {
    const ballot = this.nextBallot();
    const promises = await this.promises(index, ballot, honest);
    await this.propose(index, wanted, ballot, this.withLies(promises, index, ballot, null), honest);
    return ballot;
  }

  /** The corrupt ones report the value at a ballot at which nobody else ever heard of it, and the set demands it. */
  async proposeForged(index: number, wanted: Wanted, honest: readonly number[]): Promise<Ballot> {
    const below = this.nextBallot();
    const proof = this.vote(this.leader, index, below, wanted);
    const ballot = this.nextBallot();
    const promises = await this.promises(index, ballot, honest);
    await this.propose(index, wanted, ballot, this.withLies(promises, index, ballot, { ballot: below, wanted, proof }), honest);
    return ballot;
  }

  /** Two values at one ballot, each to some: what only the proposer of ballot 0 can do without promises. */
  async proposeTwice(
    index: number,
    [most, fewer]: readonly [Wanted, Wanted],
    groups: readonly [readonly number[], readonly number[]],
  ): Promise<Ballot> {
    const zero = { round: 0, node: this.leader.speech.self, incarnation: 1 };
    await this.propose(index, most, zero, [], groups[0]);
    await this.propose(index, fewer, zero, [], groups[1]);
    return zero;
  }

  /** A takeover in favour of what fewer accepted at ballot 0, with its proposer among the promises or without it. */
  async takeOver(index: number, zero: Ballot, fewer: Wanted, honest: readonly number[], withLeader: boolean): Promise<Ballot> {
    const ballot = this.nextBallot();
    const promises = await this.promises(index, ballot, honest);
    const claim = { ballot: zero, wanted: fewer, proof: this.vote(this.leader, index, zero, fewer) };
    const liars = withLeader ? this.voices : this.voices.slice(1);
    await this.propose(index, fewer, ballot, this.withLies(promises, index, ballot, claim, liars), honest);
    return ballot;
  }

  /** The set that decides `wanted` at `index`, as far as so many honest nodes have voted for it. */
  setFor(index: number, ballot: Ballot, wanted: Wanted): DecidedSet | null {
    const { q } = this.world.roster;
    const honest = this.tap.votesFor(index, ballot, wanted.hash);
    if (honest.length + this.voices.length < q) return null;
    const votes = [...honest, ...this.voices.map((voice) => this.vote(voice, index, ballot, wanted))].slice(0, q);
    return { index, value: wanted.value, votes };
  }

  private get leader(): Voice {
    const [first] = this.voices;
    if (first === undefined) throw new RangeError('nobody is corrupt');
    return first;
  }

  private nextBallot(): Ballot {
    this.round += 1;
    return { round: this.round, node: this.leader.speech.self, incarnation: 1 };
  }

  private vote({ speech }: Voice, index: number, ballot: Ballot, { hash }: Wanted): SignedStatement {
    return speech.sign(speech.vote(this.uid, index, ballot, hash)).signed;
  }

  private async promises(index: number, ballot: Ballot, honest: readonly number[]): Promise<readonly Evidence[]> {
    const { speech } = this.leader;
    const { message } = speech.sign(speech.promise(this.uid, index, ballot));
    speech.say({ ...message, reports: [{ leaf: 0, accepted: null, confirmation: null }] }, (node) => honest.includes(node));
    await this.world.time.runFor(ROUND_MS);
    return this.tap.promisesFor(index, ballot);
  }

  /** Exactly q promises: of the corrupt nodes with their report, and of as many honest ones as are missing, who report the same first. */
  private withLies(
    honest: readonly Evidence[],
    index: number,
    ballot: Ballot,
    claim: { readonly ballot: Ballot; readonly wanted: Wanted; readonly proof: SignedStatement } | null,
    liars: readonly Voice[] = this.voices,
  ): readonly Evidence[] {
    const accepted = claim === null ? null : { ballot: claim.ballot, valueHash: claim.wanted.hash };
    const lies = liars.map(({ speech }) => {
      const { signed } = speech.sign(speech.promise(this.uid, index, ballot, accepted));
      return { signed, proof: claim?.proof ?? null };
    });
    this.world.faults.lie += lies.length;
    const helps = ({ signed }: Evidence): boolean => sameHash(parsePromise(signed.statement).accepted?.valueHash, claim?.wanted.hash);
    return [...lies, ...honest.filter(helps), ...honest.filter((one) => !helps(one))].slice(0, this.world.roster.q);
  }

  private async propose(
    index: number,
    { value, hash }: Wanted,
    ballot: Ballot,
    promises: readonly Evidence[],
    to: readonly number[],
  ): Promise<void> {
    const { speech } = this.leader;
    const { message } = speech.sign(speech.vote(this.uid, index, ballot, hash));
    const proposal = { leaf: 0, value, promises: [...promises], confirmation: null };
    speech.say({ ...message, proposals: [proposal] }, (node) => to.includes(node));
    await this.world.time.runFor(ROUND_MS);
  }
}

function sameHash(a: Bytes | undefined, b: Bytes | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equal(a, b);
}
