import type { z } from 'zod';
import type { ContractLimits } from './define-rpc.js';
import { isStrict } from './strictness.js';
import { baseSubject, type ContractName } from './subject.js';

export interface BroadcastDefinition<Message> extends ContractName, ContractLimits {
  readonly version: 1;
  /** A strict object, or a union of strict objects. */
  readonly message: z.ZodType<Message>;
}

export interface BroadcastContract<Message> extends BroadcastDefinition<Message> {
  readonly kind: 'broadcast';
  readonly addressed: true;
  /** Without the fleet: also the name of the contract in logs and metrics. */
  readonly subject: string;
}

export type MessageOf<Contract> = Contract extends BroadcastContract<infer Message> ? Message : never;

/**
 * A message to every node of one fleet on `strongroom.rpc.<owner>.<capability>.<verb>.v1.<fleetId>`, MessagePack,
 * at most once and without an answer: whoever needs it to arrive repeats it or asks.
 */
export function defineBroadcast<Message>(definition: BroadcastDefinition<Message>): BroadcastContract<Message> {
  if (!isStrict(definition.message)) throw new TypeError(`the message of ${definition.verb} must refuse unknown keys`);
  return Object.freeze({
    ...definition,
    kind: 'broadcast' as const,
    addressed: true as const,
    subject: baseSubject('rpc', definition),
  });
}
