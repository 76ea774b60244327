import { decide, VaultError, type AccountLog, type Bytes, type LogContext, type LogEffect, type LogInput } from '@strongroom/protocol';
import { keyOf, type AccountCache } from './account-cache.js';
import { incarnationsOf } from './chain.js';
import type { EngineChain } from './engine-chain.js';
import type { LogEngineOptions } from './engine-ports.js';
import type { AccountEffect } from './outgoing-batch.js';

export interface EngineItem {
  readonly uid: Bytes;
  /** `null` marks a place in the queue. */
  readonly input: LogInput | null;
  readonly settle?: { readonly resolve: (effects: readonly LogEffect[]) => void; readonly reject: (error: Error) => void };
}

/** Accounts by `keyOf`, as they were before the first input that a flush decided about them. */
export type AccountsBefore = Map<string, AccountLog>;

/** Decides inputs one by one, in memory alone: what becomes of it is up to the flush. */
export class InputDecider {
  constructor(
    private readonly options: LogEngineOptions,
    private readonly cache: AccountCache,
    private readonly chain: EngineChain,
  ) {}

  /** An input that breaks a decision is dropped alone: what arrives from outside must not end the node. @returns null then */
  decideOne(item: EngineItem, before: AccountsBefore): readonly AccountEffect[] | null {
    try {
      return this.decideInput(item, before);
    } catch (error) {
      this.options.log.error({
        event: 'log.input-failed',
        input: item.input?.kind,
        stack: error instanceof Error ? error.stack : 'unknown',
      });
      item.settle?.reject(new VaultError('INTERNAL', 'the input broke a decision', {}, { cause: error }));
      return null;
    }
  }

  private decideInput({ uid, input }: EngineItem, before: AccountsBefore): readonly AccountEffect[] {
    if (input === null) return [];
    const key = keyOf(uid);
    const account = this.cache.get(uid);
    if (!before.has(key)) before.set(key, account);
    const decision = decide(account, input, this.context());
    this.cache.set(decision.account);
    const { confirmation } = decision.account;
    const heardBefore = account.confirmation === confirmation;
    // A confirmation that is no news is not passed on: every node hears it from the gateway as well.
    return decision.effects.map((effect) => ({
      uid,
      effect,
      before: account.state,
      confirmation,
      quiet: heardBefore && effect.kind === 'confirmed',
    }));
  }

  private context(): LogContext {
    const { roster, policy, verifier, self, nowMs } = this.options;
    return { roster, policy, verifier, self, incarnations: incarnationsOf(this.chain.current), nowMs: nowMs() };
  }
}
