import { seenOf, type Chain, type ChainMark } from '../log/chain.js';

interface Rumour {
  readonly incarnation: number;
  /** What this node had seen of the other itself. */
  readonly before: ChainMark;
}

/**
 * Incarnations that this node knows from third parties alone. It signs them as any other (PROTOCOL 4.6), but has not
 * answered them: without the difference nodes that start together would refuse each other for what they just heard.
 * Each peer still answers an incarnation once, so two processes of one node cannot both find q that answer. Kept in
 * memory: what was answered before a restart is on disk as the highest, and can be no rumour after it.
 */
export class Hearsay {
  private readonly rumours = new Map<number, Rumour>();

  /** @param chain before the incarnation is taken into it */
  note(chain: Chain, node: number, incarnation: number): void {
    this.rumours.set(node, { incarnation, before: this.seenItself(chain, node) });
  }

  answered(node: number): void {
    this.rumours.delete(node);
  }

  /** What this node has seen of `node` itself or answered it. */
  seenItself(chain: Chain, node: number): ChainMark {
    const mark = seenOf(chain, node);
    const rumour = this.rumours.get(node);
    return rumour?.incarnation === mark.incarnation && mark.sequence === 0 ? rumour.before : mark;
  }
}
