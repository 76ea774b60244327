import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, nkeyAuthenticator, type Authenticator, type NatsConnection } from '@nats-io/transport-node';
import { VaultError } from '@strongroom/protocol';
import type { Log } from '../logging/log.js';

export interface ConnectionTarget {
  /** `nats://[user:password@]host:port`, several separated by commas (the first one's credentials count). */
  readonly url: string;
  /** File with the seed of an nkey (`SU…`), read again at each login, so that a new one needs no restart. */
  readonly nkeyFile?: string | undefined;
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** How long the first connection may take, all tries together. */
  readonly connectDeadlineMs: number;
}

export type ConnectionState = 'connected' | 'disconnected' | 'closed';

const ATTEMPT_TIMEOUT_MS = 2_000;
const RETRY_MS = 200;

/**
 * Tries until a server answers or the deadline passes; from then on the connection returns by itself for ever.
 * A dead server is noticed after two missed pings, which bounds what the socket buffers meanwhile.
 * @throws FLEET_UNAVAILABLE naming the servers without credentials
 */
export async function connectWithin(target: ConnectionTarget): Promise<NatsConnection> {
  const { servers, user, pass } = parseUrl(target.url);
  const startedAt = performance.now();
  for (;;) {
    try {
      return await connect({
        servers: [...servers],
        ...(target.nkeyFile === undefined ? {} : { authenticator: nkeyLogin(target.nkeyFile) }),
        ...(user === '' ? {} : { user, pass }),
        name: target.name,
        timeout: ATTEMPT_TIMEOUT_MS,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RETRY_MS,
        pingInterval: 5_000,
        maxPingOut: 2,
        noAsyncTraces: true,
        ignoreAuthErrorAbort: true,
      });
    } catch (cause) {
      if (performance.now() - startedAt + RETRY_MS > target.connectDeadlineMs) {
        const reason = cause instanceof Error ? cause.message : 'unknown reason';
        throw new VaultError('FLEET_UNAVAILABLE', `no NATS server at ${servers.join(', ')}: ${reason}`, {}, { cause });
      }
    }
    await delay(RETRY_MS);
  }
}

/** @throws Error naming the file when it cannot be read or holds no seed */
export function nkeyLogin(file: string): Authenticator {
  return nkeyAuthenticator(() => Buffer.from(readFileSync(file, 'utf8').trim()));
}

/** Follows the connection and reports each change of state, until it is closed. */
export async function followState(connection: NatsConnection, log: Log, changed: (state: ConnectionState) => void): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') changed('disconnected');
    if (status.type === 'reconnect') changed('connected');
    if (status.type === 'error') log.error({ event: 'bus.server-error', reason: status.error.message });
  }
  changed('closed');
}

function parseUrl(url: string): { readonly servers: readonly string[]; readonly user: string; readonly pass: string } {
  const parts = url.split(',').map((part) => new URL(part.trim()));
  return {
    servers: parts.map((part) => `${part.protocol}//${part.host}`),
    user: decodeURIComponent(parts[0]?.username ?? ''),
    pass: decodeURIComponent(parts[0]?.password ?? ''),
  };
}
