import { bytes, defineBroadcast, defineEvent, defineRpc } from '@strongroom/contracts';
import { z } from 'zod';

const base = { owner: 'hsm-node', capability: 'trial', version: 1 as const, summary: 'For the tests of the bus.' };
const exchange = {
  request: z.strictObject({ id: bytes(4), text: z.string().max(64).optional() }),
  response: z.strictObject({ id: bytes(4) }),
  timeoutMs: 2_000,
  maxBytes: 256,
};

export const queued = defineRpc({ ...base, ...exchange, verb: 'share', addressed: false });
export const addressed = defineRpc({ ...base, ...exchange, verb: 'ask', addressed: true });
export const shouted = defineBroadcast({ ...base, verb: 'shout', message: z.strictObject({ n: z.int() }), maxBytes: 64 });
export const happened = defineEvent({ ...base, verb: 'happened', data: z.object({ n: z.int() }) });
export const id = Uint8Array.of(1, 2, 3, 4);
