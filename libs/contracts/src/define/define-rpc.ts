import type { z } from 'zod';
import { isStrict } from './strictness.js';
import { baseSubject, type ContractName } from './subject.js';

/** What a contract of any kind says about its limits. */
export interface ContractLimits {
  /** Largest encoded message in bytes, either way: checked before anything is decoded. */
  readonly maxBytes: number;
  /** One line for the subject table and AsyncAPI. */
  readonly summary: string;
}

export interface RpcDefinition<Req, Res> extends ContractName, ContractLimits {
  readonly version: 1;
  /** Whether the last token of the subject names one node. */
  readonly addressed: boolean;
  /** A strict object, or a union of strict objects. */
  readonly request: z.ZodType<Req>;
  readonly response: z.ZodType<Res>;
  /** How long a caller waits for the answer when it does not say otherwise. */
  readonly timeoutMs: number;
}

export interface RpcContract<Req, Res> extends RpcDefinition<Req, Res> {
  readonly kind: 'rpc';
  /** Without the node: also the name of the contract in errors, logs and metrics. */
  readonly subject: string;
}

export type RequestOf<Contract> = Contract extends RpcContract<infer Req, infer _Res> ? Req : never;
export type ResponseOf<Contract> = Contract extends RpcContract<infer _Req, infer Res> ? Res : never;

/** A call with an answer on `strongroom.rpc.<owner>.<capability>.<verb>.v1[.<node>]`, both ways MessagePack. */
export function defineRpc<Req, Res>(definition: RpcDefinition<Req, Res>): RpcContract<Req, Res> {
  if (!isStrict(definition.request)) throw new TypeError(`the request of ${definition.verb} must refuse unknown keys`);
  return Object.freeze({ ...definition, kind: 'rpc' as const, subject: baseSubject('rpc', definition) });
}
