import type { BroadcastContract, StreamApi } from '@strongroom/contracts';
import { utf8, VaultError, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';
import { decodeMessage } from './codec.js';
import type { ReplyInbox } from './reply-inbox.js';

const TIMEOUT_MS = 2_000;
/** Read at once, and at most: older ones are left out. */
const AT_ONCE = 32;
const MAX_READ = 100_000;

const info = z.object({ state: z.object({ first_seq: z.int().min(0), last_seq: z.int().min(0) }) });

/**
 * What a stream of the server keeps of a broadcast, of whichever fleet, oldest first; nothing where the server has no such
 * stream. Messages that are not what the contract says are left out.
 * @throws FLEET_UNAVAILABLE when the server stops answering
 */
export async function* keptBroadcasts<Message>(
  inbox: Pick<ReplyInbox, 'ask'>,
  contract: BroadcastContract<Message>,
  stream: Pick<StreamApi, 'info' | 'get'>,
): AsyncGenerator<Message> {
  const asking = { name: contract.subject, node: undefined, timeoutMs: TIMEOUT_MS, signal: undefined };
  const state = info.safeParse(parseJson(await inbox.ask(stream.info, new Uint8Array(0), asking)));
  if (!state.success) return;
  const { first_seq: first, last_seq: last } = state.data.state;
  for (let next = Math.max(first, last - MAX_READ + 1, 1); next <= last; next += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, last - next + 1) }, (_, i) => next + i);
    const payloads = await Promise.all(numbers.map((seq) => inbox.ask(stream.get, utf8(JSON.stringify({ seq })), asking)));
    for (const payload of payloads) {
      const message = readable(payload, contract);
      if (message !== undefined) yield message;
    }
  }
}

/** A message that is gone is answered with nothing in it. */
function readable<Message>(payload: Bytes, contract: BroadcastContract<Message>): Message | undefined {
  try {
    return payload.length === 0 ? undefined : decodeMessage(payload, contract.maxBytes, contract.message);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

function parseJson(payload: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    // Whatever answered, it is no stream.
    return undefined;
  }
}
