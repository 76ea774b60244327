import { attemptEvaluate } from '@strongroom/contracts';
import type { Bytes } from '@strongroom/protocol';
import type { Evaluation } from '../fleet/decided.js';
import type { SubmissionInput } from '../fleet/submission.js';
import type { HedgeBudget } from '../fleet/hedge-budget.js';
import { fleetUnavailable } from '../fleet/refusals.js';
import { SubmitPlan } from '../fleet/submit-plan.js';
import { vaultErrorOf } from '../fleet/vault-error-of.js';
import { Waiting } from '../fleet/waiting.js';
import { EvaluationPlan, type EvaluationRequest } from './evaluation-plan.js';

export interface AttemptRunInput extends SubmissionInput {
  readonly uid: Bytes;
  readonly attemptId: Bytes;
  /** t */
  readonly needed: number;
  /** Live nodes, those to prefer for an evaluation first. */
  readonly evaluators: readonly number[];
  readonly hedgeBudget: HedgeBudget;
  /** How long evaluations may take before one more node is asked, in milliseconds; looked at every hedge delay. */
  readonly hedgeAfterMs: number;
  /** How long a live node may take to decide before the entry goes to another one, in milliseconds. */
  readonly resubmitAfterMs: number;
  /** Milliseconds on any clock that only goes forward. */
  readonly elapsed: () => number;
}

/**
 * One attempt (PROTOCOL 6): submits the entry and, at the same moment, asks t nodes to evaluate as soon as they hold the
 * votes. Settles with the first t evaluations that fit together, whether or not the submission was answered; whoever
 * answers later is not listened to.
 */
export class AttemptRun extends Waiting<readonly Evaluation[]> {
  private readonly submissions: SubmitPlan;
  private readonly evaluations: EvaluationPlan;
  private readonly startedAt: number;
  private submittedAt: number;
  private hedgedAt: number;

  constructor(private readonly input: AttemptRunInput) {
    super(input.patience);
    this.startedAt = input.elapsed();
    this.submittedAt = this.startedAt;
    this.hedgedAt = this.startedAt;
    this.submissions = new SubmitPlan(input.ranked);
    this.evaluations = new EvaluationPlan(input.evaluators, input.needed);
    this.submit(this.submissions.start());
    this.evaluate(this.evaluations.start());
  }

  protected onHedge(): void {
    if (!this.isLate() || !this.input.hedgeBudget.spend()) return;
    const node = this.isDecidingLate() ? this.submissions.hedge() : undefined;
    const requests = this.evaluations.hedge();
    if (node !== undefined || requests.length > 0) this.input.hedged();
    this.submit(node);
    this.evaluate(requests);
  }

  protected onDeadline(): readonly Evaluation[] {
    throw this.evaluations.refusal ?? fleetUnavailable();
  }

  /** In a fleet that is busy throughout nobody else is faster: what takes as long as most do is not late. */
  private isLate(): boolean {
    const now = this.input.elapsed();
    if (now - this.hedgedAt < this.input.hedgeAfterMs) return false;
    this.hedgedAt = now;
    return true;
  }

  /** Whoever is handed the entry besides takes it over from the first, which costs the whole fleet more than the entry itself. */
  private isDecidingLate(): boolean {
    const now = this.input.elapsed();
    if (now - this.submittedAt < this.input.resubmitAfterMs) return false;
    this.submittedAt = now;
    return true;
  }

  private submit(node: number | undefined): void {
    if (this.submissions.refusal !== undefined) this.reject(this.submissions.refusal);
    if (node === undefined) return;
    this.input.nodes.submit(node, this.input.entry, this.leftMs()).then(
      (decided) => {
        if (!this.open) return;
        this.submissions.answered();
        this.evaluate(this.evaluations.decided(decided));
      },
      (error: unknown) => {
        if (!this.open) return;
        this.submit(this.submissions.failed(node, vaultErrorOf(error)));
        this.giveUpWhenNobodyIsLeft();
      },
    );
  }

  private evaluate(requests: readonly EvaluationRequest[]): void {
    const { complete } = this.evaluations;
    if (complete !== undefined) this.resolve(complete);
    else for (const request of requests) this.askToEvaluate(request);
    this.giveUpWhenNobodyIsLeft();
  }

  private askToEvaluate({ node, decided }: EvaluationRequest): void {
    const { nodes, uid, attemptId } = this.input;
    const waitMs = this.leftMs();
    const request = { uid, attemptId, waitMs, ...(decided === undefined ? {} : { decided }) };
    nodes.ask(node, attemptEvaluate, request, waitMs).then(
      (evaluation) => this.open && this.evaluate(this.evaluations.answered(node, evaluation)),
      (error: unknown) => this.open && this.evaluate(this.evaluations.failed(node, vaultErrorOf(error))),
    );
  }

  private giveUpWhenNobodyIsLeft(): void {
    if (!this.submissions.exhausted || !this.evaluations.exhausted) return;
    this.reject(this.evaluations.refusal ?? fleetUnavailable());
  }

  /** Whole milliseconds until the deadline: nobody works for an answer that comes too late. */
  private leftMs(): number {
    const { elapsed, patience } = this.input;
    return Math.max(1, Math.ceil(patience.deadlineMs - (elapsed() - this.startedAt)));
  }
}
