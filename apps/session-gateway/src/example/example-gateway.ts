import { Module, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bundleCurrent, nodeHeartbeat } from '@strongroom/contracts';
import {
  Clock,
  DEVELOPMENT_ISSUER,
  HealthChecks,
  JoseTokenVerifier,
  Log,
  Metrics,
  mintDevelopmentToken,
  nodeSigner,
  parseTokenIssuers,
  SILENT_LOG,
} from '@strongroom/platform';
import {
  accountId,
  encodeEntryCore,
  encodeHistoryQuery,
  encodeStatusQuery,
  signEntry,
  toBase64url,
  type Bytes,
  type EntryCore,
} from '@strongroom/protocol';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { GatewayModule, type GatewaySettings } from '../gateway.module.js';
import { createServer, type ServerSettings } from '../http/server.js';
import { exampleNote, exampleTrustRoot, FLEET_ID, NODES, NOW_MS } from './example-fleet.js';
import { FakeBus } from './fake-bus.js';

/** For specs: a clock that stands until it is moved. */
export class FakeClock extends Clock {
  now = NOW_MS;

  override nowMs(): number {
    return this.now;
  }
}

const device = nodeSigner(new Uint8Array(32).fill(77));
export const ALICE = accountId(DEVELOPMENT_ISSUER, 'alice');
/** The ristretto255 generator: any point does, as the fake nodes compute nothing. */
const POINT = Uint8Array.from(Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex'));

export interface ExampleGateway {
  readonly app: NestFastifyApplication;
  readonly bus: FakeBus;
  readonly clock: FakeClock;
  /** Specs that wait for the deadline shorten it; the others must not meet it on a busy machine. */
  readonly patience: { hedgeMs: number; deadlineMs: number };
  /** Heartbeats of these nodes, now. */
  readonly live: (nodes?: readonly number[]) => void;
}

type Changes = Partial<Omit<GatewaySettings, 'patience'>> & {
  readonly server?: Partial<ServerSettings>;
  readonly log?: Log;
  readonly note?: string | null;
  readonly failing?: string;
};

/** A gateway with a bundle and five live nodes that serve nothing yet. `note: null` for none. */
export async function exampleGateway({
  server,
  log = SILENT_LOG,
  note = exampleNote,
  failing,
  ...settings
}: Changes = {}): Promise<ExampleGateway> {
  const bus = new FakeBus();
  const clock = new FakeClock();
  const patience = { hedgeMs: 20, deadlineMs: 1_900 };
  if (note !== null) bus.serve(bundleCurrent, undefined, () => ({ epoch: 1, digest: '0'.repeat(64), note }));
  const surroundings = surroundingsOf(bus, clock, log);
  const module = GatewayModule.forRoot(
    {
      trustRoot: exampleTrustRoot,
      tokens: new JoseTokenVerifier(parseTokenIssuers('development'), 'test'),
      patience,
      rateLimits: { accountPerMinute: null, addressPerMinute: null },
      developmentTokens: true,
      ...settings,
    },
    [surroundings],
  );
  const app = await createServer(module, { trustProxy: false, corsOrigins: [], ...server }, log);
  if (failing !== undefined) app.get(HealthChecks).add(failing, () => false);
  let sequence = 0;
  const live = (nodes: readonly number[] = NODES): void => {
    sequence++;
    for (const node of nodes) bus.announce(nodeHeartbeat, FLEET_ID, { node, incarnation: 1, ready: true, sequence });
  };
  live();
  return { app, bus, clock, patience, live };
}

function surroundingsOf(bus: FakeBus, clock: FakeClock, log: Log): DynamicModule {
  const provided = [
    { provide: GatewayBus, useValue: bus },
    { provide: Clock, useValue: clock },
    { provide: Log, useValue: log },
    { provide: Metrics, useFactory: () => new Metrics('session-gateway') },
    HealthChecks,
  ];
  return { module: Surroundings, global: true, providers: provided, exports: [GatewayBus, Clock, Log, Metrics, HealthChecks] };
}

@Module({})
class Surroundings {}

/** A token of `sub` bound to the example device. */
export function tokenFor(sub = 'alice', changes: { readonly roles?: readonly string[]; readonly nowMs?: number } = {}): Promise<string> {
  return mintDevelopmentToken({ sub, bindingKey: device.publicKey, nowMs: NOW_MS, ...changes });
}

/** An entry of Alice's log in the form of the HTTP door. */
export function entryOf(
  kind: EntryCore['kind'],
  changes: Partial<Pick<EntryCore, 'fleetId' | 'uid' | 'bindingKey'>> = {},
): Record<string, unknown> {
  const { signature, ownerSignature } = signEntry(coreOf(kind, {}), device, null);
  return { core: toBase64url(encodeEntryCore(coreOf(kind, changes))), signature: toBase64url(signature), ownerSignature };
}

export function coreOf(kind: EntryCore['kind'], changes: Partial<Pick<EntryCore, 'fleetId' | 'uid' | 'bindingKey'>>): EntryCore {
  const subject = { fleetId: FLEET_ID, uid: ALICE, ver: 1, bindingKey: device.publicKey, nonce: new Uint8Array(16), ...changes };
  if (kind === 'attempt') return { kind, ...subject, blinded: POINT, ephemeralKey: Uint8Array.from(POINT).fill(9, 0, 31) };
  if (kind === 'register')
    return { kind, ...subject, recordHash: new Uint8Array(32), confirmKey: device.publicKey, ownerKey: device.publicKey };
  if (kind === 'reshare') {
    const hash = new Uint8Array(32);
    return { kind, ...subject, epoch: 1, index: 1, before: hash, beforeSharing: hash, recordHash: hash, held: [] };
  }
  return { kind, ...subject };
}

/** The header with a question for the newest page of a history. */
export function historyHeader(changes: { readonly uid?: Bytes } = {}): string {
  const about = { fleetId: FLEET_ID, uid: ALICE, bindingKey: device.publicKey, nonce: new Uint8Array(32), askedAtMs: NOW_MS, before: 0 };
  const encoded = encodeHistoryQuery({ ...about, ...changes });
  return `${toBase64url(encoded)}.${toBase64url(device.sign(encoded))}`;
}

/** The header that shows possession of the bound key. */
export function proofHeader(changes: { readonly uid?: Bytes } = {}): string {
  const query = { fleetId: FLEET_ID, uid: ALICE, bindingKey: device.publicKey, nonce: new Uint8Array(32), askedAtMs: NOW_MS, ...changes };
  const encoded = encodeStatusQuery(query);
  return `${toBase64url(encoded)}.${toBase64url(device.sign(encoded))}`;
}
