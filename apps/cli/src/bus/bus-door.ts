import { connect, type NatsConnection } from '@nats-io/transport-node';
import { inboxPrefix } from '@strongroom/contracts';
import { nkeyLogin } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';

/** Where the bus is reached, and the file with the observer's nkey, where the URL holds no login. */
export interface BusDoor {
  readonly url: string;
  readonly nkeyFile: string | undefined;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** @throws FLEET_UNAVAILABLE when no server answers or it refuses the login */
export async function enterBus({ url, nkeyFile }: BusDoor): Promise<NatsConnection> {
  const { username, password, host } = new URL(url);
  try {
    const key = nkeyFile === undefined ? {} : { authenticator: nkeyLogin(nkeyFile) };
    const login = username === '' ? key : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    const options = { name: 'strongroom-events', inboxPrefix: inboxPrefix('observer'), timeout: CONNECT_TIMEOUT_MS, noAsyncTraces: true };
    return await connect({ servers: host, ...login, ...options });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VaultError('FLEET_UNAVAILABLE', `cannot reach NATS at ${host}: ${reason}`, {}, { cause });
  }
}
