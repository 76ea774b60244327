import { VaultError } from '../errors/protocol-error.js';
import { nativeVerifier, uid } from './account.fixture.js';
import type { Confirmation } from './account-log.js';
import { chooseReported, type PeerReport } from './choose-reported.js';
import { checkDecided, openAccepted, type DecidedSet } from './evidence.js';
import type { LogInput } from './log-message.js';
import type { Durable, Network, RejoinAnswer } from './log-wire.fixture.js';

const ASK_AGAIN_MS = 400;

/** What of a node its coming back needs. */
interface Rejoining {
  readonly self: number;
  status: 'up' | 'down' | 'rejoining';
  readonly life: number;
  readonly durable: Durable;
  readonly incarnations: readonly number[];
  readonly afterFlush: (() => void)[];
  feed(input: LogInput): void;
  takeSets(sets: readonly DecidedSet[], confirmation: Confirmation | null): void;
  store(node: number, incarnation: number): void;
  later(): void;
}

/** For specs only: how a simulated node comes back, and how it answers others that do (PROTOCOL 7.3). */
export class LogRejoin<Node extends Rejoining> {
  private answers = new Map<number, RejoinAnswer>();

  constructor(
    private readonly node: Node,
    private readonly network: Network<Node>,
  ) {}

  begin(): void {
    this.answers = new Map();
    this.ask();
  }

  private get incarnation(): number {
    return this.node.incarnations[this.node.self - 1] ?? 0;
  }

  private ask(): void {
    const { node, network } = this;
    if (node.status !== 'rejoining') return;
    for (const { index } of network.roster.members) {
      if (index !== node.self) network.send(node.self, index, { kind: 'rejoin', from: node.self, incarnation: this.incarnation });
    }
    const { life } = node;
    network.after(ASK_AGAIN_MS, () => {
      if (node.life === life) this.ask();
    });
  }

  /** Stores the incarnation, and answers when it and all that this node ever made known are on disk. */
  answer(from: number, incarnation: number): void {
    const { node, network } = this;
    const stored = node.incarnations[from - 1] ?? 0;
    if (incarnation > stored) node.store(from, incarnation);
    node.afterFlush.push(() => {
      const { account, sets, incarnations } = node.durable;
      const { promised, accepted, confirmation, state } = account;
      const answer = {
        asked: incarnation,
        incarnation: Math.max(incarnation, stored),
        fresh: incarnation > stored,
        incarnations,
        sets,
        index: state.index,
        promised,
        accepted,
        confirmation,
      };
      network.send(node.self, from, { kind: 'rejoin-answer', from: node.self, ...answer });
    });
    node.later();
  }

  learn(answer: RejoinAnswer): void {
    const { node } = this;
    if (node.status !== 'rejoining' || answer.asked !== this.incarnation) return;
    this.requireBelievable(answer);
    if (answer.fresh) this.answers.set(answer.from, answer);
    else if (!this.answers.has(answer.from)) {
      // The peer has seen as much of this node before: the disk forgot it, or the answer was lost.
      node.store(node.self, answer.incarnation + 1);
      this.answers = new Map();
    }
    if (this.answers.size >= this.network.roster.q) this.takeOver([...this.answers.values()]);
  }

  private takeOver(answers: readonly RejoinAnswer[]): void {
    const { node, network } = this;
    const last = answers.reduce((a, b) => (b.index > a.index ? b : a));
    const openIndex = Math.max(last.index, node.durable.account.state.index) + 1;
    const own = openIndex === node.durable.account.state.index + 1 ? node.durable.account.accepted : null;
    const told = answers.filter(({ index }) => index + 1 === openIndex);
    const reports = told.flatMap((answer) => this.reportOf(answer));
    const adoption = chooseReported(
      reports,
      answers.map(({ from }) => from),
      uid,
      own,
      network.roster,
    );
    if (adoption.kind === 'missing') return;
    node.status = 'up';
    for (const answer of answers) {
      answer.incarnations.forEach((incarnation, i) => node.store(i + 1, incarnation));
      node.takeSets(answer.sets, answer.confirmation);
    }
    for (const { index, promised } of answers) node.feed({ kind: 'adopt', index: index + 1, promised, accepted: null });
    if (adoption.kind === 'value') node.feed({ kind: 'adopt', index: openIndex, promised: null, accepted: adoption.accepted });
    network.watch(node, []);
  }

  /** The peer may lie: an index needs its decided sets, a value its proposal. */
  private requireBelievable(answer: RejoinAnswer): void {
    const { roster } = this.network;
    for (const set of answer.sets) checkDecided(set, uid, roster, nativeVerifier);
    if (answer.sets.length !== answer.index)
      throw new VaultError('NODE_MISBEHAVED', 'the peer lacks sets of its log', { node: answer.from });
    this.reportOf(answer);
  }

  private reportOf({ from, index, accepted }: RejoinAnswer): readonly PeerReport[] {
    if (accepted === null) return [];
    return [openAccepted(accepted, { node: from, uid, index: index + 1 }, this.network.roster, nativeVerifier)];
  }
}
