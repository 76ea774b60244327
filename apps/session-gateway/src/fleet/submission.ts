import type { Bytes } from '@strongroom/protocol';
import type { Decided } from './decided.js';
import type { FleetNodes } from './fleet-nodes.js';
import { fleetUnavailable } from './refusals.js';
import { SubmitPlan } from './submit-plan.js';
import { vaultErrorOf } from './vault-error-of.js';
import { Waiting, type Patience } from './waiting.js';

/** What a submission needs to know. */
export interface SubmissionInput {
  readonly nodes: FleetNodes;
  /** Live nodes, the home node first when it lives. */
  readonly ranked: readonly number[];
  /** Encoded entry with its token. */
  readonly entry: Bytes;
  readonly patience: Patience;
  readonly hedged: () => void;
}

export interface CheckedSubmissionInput extends SubmissionInput {
  /** Whether what a node reports really is this entry's decision. @throws VaultError when it is not */
  readonly check: (decided: Decided) => void;
}

/** Hands an entry to the fleet and waits until it is decided: registrations, deletions, cancellations. */
export class Submission extends Waiting<Decided> {
  private readonly plan: SubmitPlan;

  constructor(private readonly input: CheckedSubmissionInput) {
    super(input.patience);
    this.plan = new SubmitPlan(input.ranked);
    this.submit(this.plan.start());
  }

  protected onHedge(): void {
    const node = this.plan.hedge();
    if (node !== undefined) this.input.hedged();
    this.submit(node);
  }

  protected onDeadline(): Decided {
    throw fleetUnavailable();
  }

  private submit(node: number | undefined): void {
    if (this.plan.refusal !== undefined) this.reject(this.plan.refusal);
    if (node === undefined) return;
    this.ask(node).then(
      (decided) => this.resolve(decided),
      (error: unknown) => this.open && this.submit(this.plan.failed(node, vaultErrorOf(error))),
    );
  }

  private async ask(node: number): Promise<Decided> {
    const decided = await this.input.nodes.submit(node, this.input.entry, this.input.patience.deadlineMs);
    if (this.open) this.input.check(decided);
    return decided;
  }
}
