import type { TrustRoot } from '@strongroom/transparency';
import type { RunningNats } from '../nats/start-nats.js';
import type { OperatorClient, FleetView } from '../operator/operator-client.js';
import type { RunningPostgres } from '../postgres/start-postgres.js';
import type { ServiceProcess } from '../process/service-process.js';

export interface StackServices {
  /** Its `process` is undefined when NATS_URL named a server of somebody else's. */
  readonly nats: RunningNats;
  /** Its `process` is undefined when DATABASE_URL named a server of somebody else's. */
  readonly postgres: RunningPostgres;
  readonly registry: ServiceProcess;
  readonly publisher: ServiceProcess;
  readonly auditor: ServiceProcess;
  readonly gateway: ServiceProcess;
  /** In the order of their index in the fleet: `nodes[0]` is node 1. */
  readonly nodes: readonly ServiceProcess[];
}

/** A whole vault of operating-system processes that serves. */
export interface Stack {
  /** As in `http://127.0.0.1:8480`. */
  readonly gatewayUrl: string;
  readonly natsUrl: string;
  /** NATS_NKEY_FILE of whoever only watches; undefined when NATS_URL named the server. */
  readonly observerKeyFile: string | undefined;
  /** With a login that may do everything: with `openBusLogin`, or as NATS_URL gave it. */
  readonly openNatsUrl: string | undefined;
  readonly trustRoot: TrustRoot;
  /** Path of trust-root.json. */
  readonly trustRootFile: string;
  readonly fleet: FleetView;
  readonly operator: OperatorClient;
  readonly services: StackServices;
  /** `GET /health` and `/metrics` of each service by its name; the gateway's are at its own door. */
  readonly healthUrls: Readonly<Record<string, string>>;
  /** URL prefix of the public log of bundles, and of the publisher's mirror; undefined when the trust root names none. */
  readonly logUrl: string | undefined;
  readonly mirrorUrl: string | undefined;
  /** How long each part of the start took, in milliseconds. */
  readonly startMs: Readonly<Record<string, number>>;
  /** Ends everything that this start has started, in order; harmless when repeated. */
  stop(): Promise<void>;
}

/** Where an attacker on the bus would stand. @throws Error for a stack without an open login */
export function openUrlOf({ openNatsUrl }: Stack): string {
  if (openNatsUrl === undefined) throw new Error('the bus of this stack has no open login');
  return openNatsUrl;
}
