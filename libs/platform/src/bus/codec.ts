import { fromWireError, toWireError, wireError, type RpcContract, type WireError } from '@strongroom/contracts';
import { invalid, VaultError, type Bytes } from '@strongroom/protocol';
import { Packr } from 'msgpackr';
import type { z } from 'zod';
import { readMsgpack } from './msgpack-reader.js';

/** Plain maps, no records or extensions; an optional field that is undefined is left out. (msgpackr's types lack skipValues.) */
const PACKING = { useRecords: false, moreTypes: false, skipValues: [undefined] };
const packr = new Packr(PACKING);

/** @throws REQUEST_INVALID when the encoding is longer than `maxBytes`: the other side would refuse it anyway */
export function encodeMessage(message: unknown, maxBytes: number): Bytes {
  const bytes = packr.pack(message);
  if (bytes.length > maxBytes) throw invalid('message', `is longer than ${maxBytes} bytes`);
  return bytes;
}

/** Size, then structure, then meaning. @throws REQUEST_INVALID naming the field */
export function decodeMessage<T>(bytes: Bytes, maxBytes: number, schema: z.ZodType<T>): T {
  if (bytes.length > maxBytes) throw invalid('message', `is longer than ${maxBytes} bytes`);
  return parsed(schema, readMsgpack(bytes));
}

/** `{ok: …}` adds four bytes to a response. */
const ENVELOPE_BYTES = 4;
const MAX_REFUSAL_BYTES = 64 * 1024;

/** An answer is a map with one key: `ok` with the response, or `error` with code, message and metadata. */
export function encodeAnswer(response: unknown, maxBytes: number): Bytes {
  const bytes = packr.pack({ ok: response });
  if (bytes.length > maxBytes + ENVELOPE_BYTES) throw new RangeError(`a response of ${bytes.length} bytes exceeds ${maxBytes}`);
  return bytes;
}

export function encodeRefusal(error: VaultError): Bytes {
  return packr.pack({ error: toWireError(error) });
}

/** @throws the VaultError that the other side answered, or INTERNAL naming the contract when the answer cannot be read */
export function decodeAnswer<Res>(bytes: Bytes, contract: RpcContract<unknown, Res>): Res {
  const answer = readable(bytes, contract);
  if ('error' in answer) throw fromWireError(answer.error);
  return answer.ok;
}

function readable<Res>(bytes: Bytes, contract: RpcContract<unknown, Res>): { readonly ok: Res } | { readonly error: WireError } {
  try {
    if (bytes.length > Math.max(contract.maxBytes, MAX_REFUSAL_BYTES) + ENVELOPE_BYTES) throw invalid('answer', 'is too long');
    const answer = readMsgpack(bytes);
    if (typeof answer !== 'object' || answer === null) throw invalid('answer', 'is not a map');
    if ('error' in answer) return { error: parsed(wireError, answer.error) };
    if ('ok' in answer) return { ok: parsed(contract.response, answer.ok) };
    throw invalid('answer', 'is neither ok nor error');
  } catch (cause) {
    const { subject } = contract;
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new VaultError('INTERNAL', `${subject} gave an answer that cannot be read: ${reason}`, { subject }, { cause });
  }
}

/** zod's messages name types and limits, never the value. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(issue?.path.map(String).join('.').slice(0, 100) || 'message', issue?.message.slice(0, 200) ?? 'is not valid');
}
