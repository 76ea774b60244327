import { NO_BALLOT, NO_VALUE, NODES, QUORUM } from './bounds.fixture.js';
import type { LocalNode } from './local-node.fixture.js';
import { Memo } from './memo.fixture.js';
import { raised, type Outcome, type Shell } from './shell.fixture.js';
import { PLAIN, type Statement } from './statement.fixture.js';

const NO_ROUND = { phase: 'none', roundBallot: NO_BALLOT, demandedBallot: NO_BALLOT, demandedValue: NO_VALUE, promises: 0 } as const;

/** Starts with the disk as it is, or was, and the way back into the fleet (PROTOCOL 7.3). */
export class Rejoin {
  private readonly disks = new Memo<LocalNode>();
  private readonly starts = new Memo<LocalNode>();
  private readonly answers = new Memo<Outcome>();
  private readonly pages = new Memo<Statement>();
  private readonly taken = new Memo<Outcome>();

  constructor(private readonly shell: Shell) {}

  /** What is on a node's disk: all but the round that it had begun, and what it had from hearsay. */
  diskOf(node: LocalNode): LocalNode {
    return this.disks.of(node.id, 0, 0, () => this.shell.nodes.of({ ...node, ...NO_ROUND, up: false, taken: 0, hearsay: 0 }));
  }

  /** A start: the next incarnation, durable, and nothing but questions and answers until q peers have handed over. */
  restart(disk: LocalNode): LocalNode {
    return this.askAbove(disk, disk.own);
  }

  /** A peer refuses an incarnation that it knows already: the node goes above it, with a new question. */
  askAbove(node: LocalNode, known: number): LocalNode {
    const make = (): LocalNode => this.shell.nodes.of({ ...node, taken: 0, incarnations: raised(node.incarnations, node.self, known + 1) });
    return this.starts.of(node.id, known, 0, make);
  }

  /** Whether `peer` answers this question, or has answered or seen such an incarnation before. */
  mayAnswer(peer: LocalNode, asker: LocalNode): boolean {
    const stored = peer.incarnations[asker.self - 1] ?? 0;
    return asker.own > stored || (asker.own === stored && (peer.hearsay & (1 << asker.self)) !== 0);
  }

  /** A peer stores the incarnation first: from then on all that it signs says so. */
  answer(peer: LocalNode, asker: LocalNode): Outcome {
    return this.answers.of(peer.id, asker.self, asker.own, () => {
      const incarnations = raised(peer.incarnations, asker.self, asker.own);
      const node = this.shell.nodes.of({ ...peer, incarnations, hearsay: peer.hearsay & ~(1 << asker.self) });
      const to = { asker: asker.self, asked: asker.own };
      const said = this.shell.statements.of({ ...PLAIN, kind: 'answer', signer: peer.self, incarnations, ...to });
      return { node, said: [said], accuses: false };
    });
  }

  /** The page behind an answer: the peer's account as it is now, which may be long after the answer. */
  page(answered: Statement, peer: LocalNode): Statement {
    const shows = this.diskOf(peer).id;
    return this.pages.of(answered.id, shows, 0, () => this.shell.statements.of({ ...answered, kind: 'page', shows }));
  }

  /** The rejoining node takes over one peer's answer and page; with q of them it takes part. */
  takeOver(node: LocalNode, shown: Statement): Outcome {
    return this.taken.of(node.id, shown.id, 0, () => this.takeOverNow(node, shown));
  }

  private takeOverNow(node: LocalNode, shown: Statement): Outcome {
    let { incarnations, hearsay } = node;
    for (let other = 1; other <= NODES; other++) {
      const told = shown.incarnations[other - 1] ?? 0;
      if (other === node.self || told <= (incarnations[other - 1] ?? 0)) continue;
      incarnations = raised(incarnations, other, told);
      hearsay |= 1 << other;
    }
    const adopted = this.shell.adopt(this.shell.nodes.of({ ...node, incarnations, hearsay }), this.shell.nodes.at(shown.shows));
    const taken = node.taken | (1 << shown.signer);
    const isUp = [1, 2, 3].filter((peer) => (taken & (1 << peer)) !== 0).length >= QUORUM;
    return { ...adopted, node: this.shell.nodes.of({ ...adopted.node, up: isUp, taken: isUp ? 0 : taken }) };
  }
}
