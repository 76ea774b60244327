import { firstRound } from '../ballot/epoch-rounds.js';
import type { AccountLog } from './account-log.js';
import type { LogContext, LogEffect } from './log-message.js';

/** One decision in the making: the account as it will be, and what follows from it. Lives within one call of `decide`. */
export class Step {
  readonly effects: LogEffect[] = [];

  constructor(
    public account: AccountLog,
    readonly context: LogContext,
  ) {}

  /** The index that is not decided here yet. */
  get openIndex(): number {
    return this.account.state.index + 1;
  }

  /** Ballot 0 of this epoch. */
  get firstRound(): number {
    return firstRound(this.context.roster.epoch);
  }

  get ownIncarnation(): number {
    return this.context.incarnations[this.context.self - 1] ?? 0;
  }

  set(change: Partial<AccountLog>): void {
    this.account = { ...this.account, ...change };
  }

  emit(effect: LogEffect): void {
    this.effects.push(effect);
  }
}
