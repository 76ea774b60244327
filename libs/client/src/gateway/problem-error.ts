import { problemDetails } from '@strongroom/contracts';
import { VaultError, type ErrorCode, type ErrorMetadata } from '@strongroom/protocol';
import { LostAnswer } from '../call/retry.js';

/** Found by the client's own checks alone: a gateway that says them is not believed. */
const NOT_FOR_THE_GATEWAY: readonly ErrorCode[] = ['CODE_WRONG', 'NODE_MISBEHAVED', 'BUNDLE_INVALID'];

/**
 * What a refusal of the gateway means. The gateway is trusted for availability only, so callers treat codes that say
 * something about the record as its word, to be checked (PROTOCOL 1).
 * @returns a VaultError with the problem's code, or LostAnswer when the body is no problem document (a proxy answered)
 */
export function errorOfProblem(status: number, body: unknown): VaultError | LostAnswer {
  const parsed = problemDetails.safeParse(body);
  if (!parsed.success) {
    if (status === 429) return new VaultError('RATE_LIMITED', 'the gateway asks to wait', {});
    return new LostAnswer(`HTTP ${status} without problem details`);
  }
  const { code, title, detail, field, retryAtMs, check, node } = parsed.data;
  if (NOT_FOR_THE_GATEWAY.includes(code)) return new VaultError('FLEET_UNAVAILABLE', `the gateway says ${code} without proof`);
  const metadata: ErrorMetadata = {
    ...(field !== undefined && { field }),
    ...(retryAtMs !== undefined && { retryAtMs }),
    ...(check !== undefined && { check }),
    ...(node !== undefined && { node }),
  };
  return new VaultError(code, detail ?? title, metadata);
}
