import type { Account } from '../token/account.js';

/** The part of a Fastify request that the gateway reads. */
export interface HttpRequest {
  readonly id: string;
  readonly method: string;
  /** The peer's address, or what TRUST_PROXY lets a proxy say it is. */
  readonly ip: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** `url` is the template of the route, as in `/v1/attempts/:id/confirm`. */
  readonly routeOptions: { readonly url?: string | undefined };
  /** Set by AccountGuard. */
  account?: Account;
}

/** The part of a Fastify reply that the gateway writes. */
export interface HttpReply {
  readonly statusCode: number;
  readonly elapsedTime: number;
  readonly sent: boolean;
  header(name: string, value: string): HttpReply;
  code(status: number): HttpReply;
  send(payload: string): HttpReply;
}
