import { VaultError } from '@strongroom/protocol';
import type { Decided, Evaluation } from '../fleet/decided.js';
import { Refusals } from '../fleet/refusals.js';

/** Ask `node` to evaluate; `decided` goes along for a node that may have missed the votes. */
export interface EvaluationRequest {
  readonly node: number;
  readonly decided: Decided | undefined;
}

/** How one node was last asked. `late`: its answer still counts, but another node was brought in. */
interface Asked {
  readonly decided: Decided | undefined;
  /** Calls under way: two while a late node is asked again with the decision. */
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
  private decision: Decided | undefined;

  /** @param order live nodes, the preferred first @param needed t */
  constructor(private readonly order: readonly number[], private readonly needed: number) {}

  /** The t evaluations that fit together, once they are there. */
  get complete(): readonly Evaluation[] | undefined {
    return this.groups.find((group) => group.length >= this.needed);
  }

  /** Why there will be none, once that is sure: the attempt is decided and no node is left that could evaluate it. */
  get exhausted(): VaultError | undefined {
    if (this.decision === undefined || this.complete !== undefined) return undefined;
    for (const { state } of this.asked.values()) if (state === 'pending' || state === 'late') return undefined;
    return this.candidate() === undefined ? this.refusals.final() : undefined;
  }

  start(): readonly EvaluationRequest[] {
    return this.recruit();
  }

  /** Answers are late: ask as many more nodes as answers are missing. */
  hedge(): readonly EvaluationRequest[] {
    for (const asked of this.asked.values()) if (asked.state === 'pending') asked.state = 'late';
    return this.recruit();
  }

  /** The decision is known: nodes that failed without it may be asked again with it. */
  decided(decision: Decided): readonly EvaluationRequest[] {
    this.decision ??= decision;
    return this.recruit();
  }

  answered(node: number, evaluation: Evaluation): readonly EvaluationRequest[] {
    // A node speaks for itself, once: otherwise one node could fill all t places or push another one out.
    if (evaluation.node !== node) return this.failed(node, new VaultError('NODE_MISBEHAVED', 'answers as another node', { node }));
    const asked = this.asked.get(node);
    if (asked === undefined || asked.state === 'answered') return [];
    asked.state = 'answered';
    const group = this.groups.find(([first]) => first !== undefined && fits(first, evaluation));
    if (group === undefined) this.groups.push([evaluation]);
    else group.push(evaluation);
    return this.decided(evaluation.decided);
  }

  failed(node: number, error: VaultError): readonly EvaluationRequest[] {
    const asked = this.asked.get(node);
    if (asked === undefined || asked.state === 'answered') return [];
    this.refusals.add(node, error);
    asked.calls--;
    if (asked.calls > 0) return [];
    asked.state = 'failed';
    return this.recruit();
  }

  /** Asks until as many answers are expected in time as are missing. */
  private recruit(): readonly EvaluationRequest[] {
    const requests: EvaluationRequest[] = [];
    for (let missing = this.missing(); missing > 0; missing--) {
      const node = this.candidate();
      if (node === undefined) break;
      const calls = (this.asked.get(node)?.calls ?? 0) + 1;
      this.asked.set(node, { decided: this.decision, calls, state: 'pending' });
      requests.push({ node, decided: this.decision });
    }
    return requests;
  }

  private missing(): number {
    let expected = 0;
    for (const group of this.groups) expected = Math.max(expected, group.length);
    for (const { state } of this.asked.values()) if (state === 'pending') expected++;
    return this.needed - expected;
  }

  /** First whoever was not asked yet, then whoever was asked without the decision that is known now. */
  private candidate(): number | undefined {
    const fresh = this.order.find((node) => !this.asked.has(node));
    if (fresh !== undefined || this.decision === undefined) return fresh;
    return this.order.find((node) => {
      const asked = this.asked.get(node);
      return asked !== undefined && asked.decided === undefined && (asked.state === 'late' || asked.state === 'failed');
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
