import { invalid, VaultError } from '@strongroom/protocol';

/** What went wrong, and the HTTP status where it says more than the error table does. */
export interface HttpError {
  readonly error: VaultError;
  readonly status?: number;
}

/**
 * An error of the web framework, of one of ours, or of nobody's. Texts of the framework are left out: a JSON parser's
 * repeats what it read.
 */
export function errorOfHttp(thrown: unknown): HttpError {
  if (thrown instanceof VaultError) return { error: thrown };
  switch (statusOf(thrown)) {
    // Files outside the folder of the documents are forbidden by the framework: whether they exist is nobody's business.
    case 403:
    case 404:
      return { error: new VaultError('NOT_FOUND', 'there is no such route') };
    case 413:
      return { error: invalid('body', 'is too long'), status: 413 };
    case 415:
      return { error: invalid('content-type', 'must be application/json'), status: 415 };
    case 400:
      return { error: invalid('body', 'cannot be read') };
    case 408:
      return { error: invalid('body', 'came too slowly'), status: 408 };
    case 503:
      return { error: new VaultError('FLEET_UNAVAILABLE', 'the gateway is shutting down') };
    default:
      return { error: new VaultError('INTERNAL', 'something went wrong inside', {}, { cause: thrown }) };
  }
}

/** Nest's exceptions have getStatus, Fastify's errors statusCode. */
function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if ('getStatus' in thrown && typeof thrown.getStatus === 'function') return Number(thrown.getStatus());
  if ('statusCode' in thrown && typeof thrown.statusCode === 'number') return thrown.statusCode;
  return undefined;
}
