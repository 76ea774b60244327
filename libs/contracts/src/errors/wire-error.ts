import { ERROR_CODES, VaultError } from '@strongroom/protocol';
import { z } from 'zod';

/** Longest text of an error, in characters: what is longer is cut before it is sent. */
const MAX_MESSAGE = 500;

/** How an error travels between services. Tolerant of keys it does not know, strict about the code. */
export const wireError = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string().max(MAX_MESSAGE),
  metadata: z.record(z.string().max(64), z.union([z.string().max(8192), z.number()])),
});

export type WireError = Readonly<z.infer<typeof wireError>>;

/** Code, message and metadata alone: no stack and no cause leave the process. */
export function toWireError(error: VaultError): WireError {
  return { code: error.code, message: error.message.slice(0, MAX_MESSAGE), metadata: { ...error.metadata } };
}

export function fromWireError(wire: WireError): VaultError {
  return new VaultError(wire.code, wire.message, wire.metadata);
}
