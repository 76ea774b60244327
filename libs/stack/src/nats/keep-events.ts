import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  accountNotice,
  EVENT_STREAM,
  EVENT_STREAM_API,
  inboxPrefix,
  NOTICE_KEPT_MS,
  NOTICE_STREAM,
  NOTICE_STREAM_API,
  type StreamApi,
} from '@strongroom/contracts';
import { nkeyLogin } from '@strongroom/platform';
import { z } from 'zod';

export interface EventKeeping {
  /** NATS_URL. */
  readonly url: string;
  /** NATS_NKEY_FILE of the user `event-keeper`; without one the login of the URL counts. */
  readonly nkeyFile: string | undefined;
  /** How long an event is kept. 30 days unless told. */
  readonly maxAgeMs?: number;
  /** When there are more, the oldest go first. 64 MiB unless told. */
  readonly maxBytes?: number;
  /** Whether notices for webhooks are kept as well, for an hour. They name accounts, so not unless told. */
  readonly notices?: boolean;
}

const TIMEOUT_MS = 5_000;
const DEFAULT_MAX_AGE_MS = 30 * 86_400_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const NANOS_PER_MS = 1_000_000;

/** An error has a code of the API; 10058 says that there is such a stream, which is configured otherwise. */
const answer = z.object({ error: z.object({ err_code: z.number().optional(), description: z.string() }).optional() });
const EXISTS = 10_058;

/**
 * Tells the server to keep events in a stream. Done again, it changes the limits.
 * @returns false where the server has no JetStream
 * @throws Error with the server's own words when it refuses
 */
export async function keepEvents(keeping: EventKeeping): Promise<boolean> {
  const { url, nkeyFile, maxAgeMs = DEFAULT_MAX_AGE_MS, maxBytes = DEFAULT_MAX_BYTES, notices = false } = keeping;
  const { host, username, password } = new URL(url);
  const login = nkeyFile === undefined ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {};
  const key = nkeyFile === undefined ? {} : { authenticator: nkeyLogin(nkeyFile), inboxPrefix: inboxPrefix('event-keeper') };
  const connection = await connect({ servers: host, ...login, ...key, name: 'event-keeper', timeout: TIMEOUT_MS, maxReconnectAttempts: 0 });
  try {
    const events = { name: EVENT_STREAM, subjects: ['strongroom.evt.>'], ...limits(maxAgeMs, maxBytes) };
    if (!(await keep(connection, EVENT_STREAM_API, events))) return false;
    const kept = { name: NOTICE_STREAM, subjects: [`${accountNotice.subject}.*`], ...limits(NOTICE_KEPT_MS, maxBytes) };
    return !notices || (await keep(connection, NOTICE_STREAM_API, kept));
  } finally {
    await connection.close();
  }
}

function limits(maxAgeMs: number, maxBytes: number): object {
  const readOnly = { allow_direct: true, deny_delete: true, deny_purge: true };
  const bounds = { max_age: maxAgeMs * NANOS_PER_MS, max_bytes: maxBytes, max_consumers: 16 };
  return { retention: 'limits', storage: 'file', discard: 'old', ...bounds, ...readOnly };
}

async function keep(connection: NatsConnection, api: StreamApi, stream: object): Promise<boolean> {
  const created = await ask(connection, api.create, stream);
  const settled = created?.error?.err_code === EXISTS ? await ask(connection, api.update, stream) : created;
  if (settled?.error !== undefined) throw new Error(`the server keeps no events: ${settled.error.description}`);
  return settled !== undefined;
}

/** @returns undefined where nobody answers, as on a server without JetStream */
async function ask(connection: NatsConnection, subject: string, request: object): Promise<z.infer<typeof answer> | undefined> {
  try {
    const message = await connection.request(subject, JSON.stringify(request), { timeout: TIMEOUT_MS });
    return answer.parse(message.json());
  } catch (error) {
    if (error instanceof Error && error.name === 'NoRespondersError') return undefined;
    throw error;
  }
}
