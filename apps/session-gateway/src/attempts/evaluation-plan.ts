import { VaultError } from '@strongroom/protocol';
import type { Decided, Evaluation } from '../fleet/decided.js';
import { Refusals } from '../fleet/refusals.js';

/** Ask `node` to evaluate; `decided` goes along for a node that may have missed the votes. */
export interface EvaluationRequest {
  readonly node: number;
  readonly decided: Decided | undefined;
}

/** How far one node has come. `late`: its answer still counts, but another node was brought in. */
interface Asked {
  /** How many of the known decisions the node has been given. */
  given: number;
  /** Calls under way: more than one while a late node is asked again. */
  calls: number;
  state: 'pending' | 'late' | 'failed' | 'answered';
}

/**
 * Which nodes to ask for evaluations of one attempt, and when t of them fit together (PROTOCOL 6.8). Evaluations fit
 * when they are of the same decided value at the same index with the same record, so that an answer never mixes two
 * versions and one lying node is outnumbered. Free of clocks and I/O.
 */
export class EvaluationPlan {
  private readonly asked = new Map<number, Asked>();
  private readonly groups: Evaluation[][] = [];
  private readonly refusals = new Refusals();
  /** One per node that reported it: a node that reports a false one must not spoil what the others are given. */
  private readonly decisions: Decided[] = [];

  /** @param order live nodes, the preferred first @param needed t */
  constructor(
    private readonly order: readonly number[],
    private readonly needed: number,
  ) {}

  /** The t evaluations that fit together, once they are there. */
  get complete(): readonly Evaluation[] | undefined {
    return this.groups.find((group) => group.length >= this.needed);
  }

  /** Every live node was asked, with every decision there is, and has answered or failed. */
  get exhausted(): boolean {
    for (const { calls } of this.asked.values()) if (calls > 0) return false;
    return this.candidate() === undefined;
  }

  /** What the nodes that could not evaluate agree on. */
  get refusal(): VaultError | undefined {
    return this.refusals.agreed();
  }

  start(): readonly EvaluationRequest[] {
    return this.recruit();
  }

  /** Answers are late: ask as many more nodes as answers are missing. */
  hedge(): readonly EvaluationRequest[] {
    for (const asked of this.asked.values()) if (asked.state === 'pending') asked.state = 'late';
    return this.recruit();
  }

  /** A node reports the decision: nodes that failed without it may be asked again with it. */
  decided(decision: Decided): readonly EvaluationRequest[] {
    this.decisions.push(decision);
    return this.recruit();
  }

  answered(node: number, evaluation: Evaluation): readonly EvaluationRequest[] {
    // A node speaks for itself, once: otherwise one node could fill all t places or push another one out.
    if (evaluation.node !== node) return this.failed(node, new VaultError('NODE_MISBEHAVED', 'answers as another node', { node }));
    const asked = this.asked.get(node);
    if (asked === undefined || asked.state === 'answered') return [];
    asked.calls--;
    asked.state = 'answered';
    const group = this.groups.find(([first]) => first !== undefined && fits(first, evaluation));
    if (group === undefined) this.groups.push([evaluation]);
    else group.push(evaluation);
    return this.decided(evaluation.decided);
  }

  failed(node: number, error: VaultError): readonly EvaluationRequest[] {
    const asked = this.asked.get(node);
    if (asked === undefined || asked.calls === 0) return [];
    asked.calls--;
    if (asked.state === 'answered') return [];
    // A node that was given a false decision calls the request invalid, and that is not the client's.
    if (error.code !== 'REQUEST_INVALID') this.refusals.add(node, error);
    if (asked.calls === 0) asked.state = 'failed';
    return this.recruit();
  }

  /** Asks until as many answers are expected in time as are missing. */
  private recruit(): readonly EvaluationRequest[] {
    const requests: EvaluationRequest[] = [];
    for (let missing = this.missing(); missing > 0; missing--) {
      const node = this.candidate();
      if (node === undefined) break;
      requests.push(this.ask(node));
    }
    return requests;
  }

  private ask(node: number): EvaluationRequest {
    const asked = this.asked.get(node) ?? { given: 0, calls: 0, state: 'pending' };
    const decided = this.decisions[asked.given];
    if (decided !== undefined) asked.given++;
    asked.calls++;
    asked.state = 'pending';
    this.asked.set(node, asked);
    return { node, decided };
  }

  private missing(): number {
    let expected = 0;
    for (const group of this.groups) expected = Math.max(expected, group.length);
    for (const { state } of this.asked.values()) if (state === 'pending') expected++;
    return this.needed - expected;
  }

  /** First whoever was not asked yet, then whoever was not given a decision that is known now. */
  private candidate(): number | undefined {
    const fresh = this.order.find((node) => !this.asked.has(node));
    if (fresh !== undefined) return fresh;
    return this.order.find((node) => {
      const asked = this.asked.get(node);
      return asked !== undefined && (asked.state === 'late' || asked.state === 'failed') && asked.given < this.decisions.length;
    });
  }
}

function fits(a: Evaluation, b: Evaluation): boolean {
  return (
    a.decided.index === b.decided.index &&
    Buffer.compare(a.decided.value, b.decided.value) === 0 &&
    Buffer.compare(a.record, b.record) === 0
  );
}
