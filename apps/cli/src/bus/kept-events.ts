import type { NatsConnection } from '@nats-io/transport-node';
import { EVENT_STREAM_API } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';

const TIMEOUT_MS = 5_000;

const info = z.object({ state: z.object({ first_seq: z.number(), last_seq: z.number() }).optional() });

interface KeptMessage {
  readonly sequence: number;
  /** Milliseconds since 1970, when the server stored it. */
  readonly atMs: number;
  readonly text: string;
}

/**
 * What the server's stream keeps from `sinceMs` on, oldest first, as JSON texts. Single messages by their number: an
 * observer may not make consumers.
 * @throws FLEET_UNAVAILABLE where the server keeps no events
 */
export async function* keptEvents(bus: NatsConnection, sinceMs: number): AsyncGenerator<string> {
  const { first_seq: first, last_seq: last } = await stateOf(bus);
  let next = await firstSince(bus, sinceMs, first, last);
  while (next <= last) {
    const message = await messageFrom(bus, next);
    if (message === undefined) return;
    if (message.atMs >= sinceMs) yield message.text;
    next = message.sequence + 1;
  }
}

async function stateOf(bus: NatsConnection): Promise<{ readonly first_seq: number; readonly last_seq: number }> {
  try {
    const { state } = info.parse((await bus.request(EVENT_STREAM_API.info, '', { timeout: TIMEOUT_MS })).json());
    if (state !== undefined) return state;
  } catch (cause) {
    if (!(cause instanceof Error && cause.name === 'NoRespondersError')) throw cause;
  }
  throw new VaultError(
    'FLEET_UNAVAILABLE',
    'this NATS server keeps no events: leave --since out, or tell it to with `strongroom bus keep-events`',
  );
}

/** Bisects: the server's times rise with the numbers. */
async function firstSince(bus: NatsConnection, sinceMs: number, first: number, last: number): Promise<number> {
  let low = first;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await messageFrom(bus, middle);
    if (message === undefined || message.atMs >= sinceMs) high = middle;
    else low = message.sequence + 1;
  }
  return low;
}

/** The message with this number or, where that is gone, the next one. */
async function messageFrom(bus: NatsConnection, sequence: number): Promise<KeptMessage | undefined> {
  const request = JSON.stringify({ seq: sequence, next_by_subj: '>' });
  const { headers, data } = await bus.request(EVENT_STREAM_API.get, request, { timeout: TIMEOUT_MS });
  const number = Number(headers?.get('Nats-Sequence'));
  const atMs = Date.parse(headers?.get('Nats-Time-Stamp') ?? '');
  if (!Number.isSafeInteger(number) || number < sequence || Number.isNaN(atMs)) return undefined;
  return { sequence: number, atMs, text: new TextDecoder().decode(data) };
}
