import { developmentTokenRequest, developmentTokenResponse, problemDetails } from '@strongroom/contracts';
import { VaultError, toBase64url, type Bytes } from '@strongroom/protocol';

const REQUEST_TIMEOUT_MS = 10_000;
/** A token with less than this left is replaced. */
const RENEW_BEFORE_MS = 60_000;

export interface DevelopmentAccount {
  /** Without a slash at its end. */
  readonly gatewayUrl: string;
  /** `sub` of the tokens: any name. */
  readonly account: string;
  /** Ed25519, 32 bytes. */
  readonly bindingKey: Bytes;
  readonly nowMs: () => number;
}

/**
 * Account tokens of the gateway's development issuer, which hands one to anybody for any account: for trying things out.
 * In production the gateway has no such door, and your own issuer signs the tokens.
 * @param account whose tokens, and the key to bind them to
 * @throws TOKEN_INVALID where there is no such issuer, FLEET_UNAVAILABLE when the gateway cannot be reached
 */
export function developmentTokens({ gatewayUrl, account, bindingKey, nowMs }: DevelopmentAccount): () => Promise<string> {
  let held: { readonly token: string; readonly expiresAtMs: number } | undefined;
  return async () => {
    if (held && held.expiresAtMs - nowMs() > RENEW_BEFORE_MS) return held.token;
    held = await fetchToken(gatewayUrl, account, bindingKey);
    return held.token;
  };
}

async function fetchToken(
  gatewayUrl: string,
  sub: string,
  bindingKey: Bytes,
): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
  const body = developmentTokenRequest.parse({ sub, bindingKey: toBase64url(bindingKey) });
  const response = await send(gatewayUrl, body);
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return developmentTokenResponse.parse(answer);
  const problem = problemDetails.safeParse(answer);
  const said = problem.success ? (problem.data.detail ?? problem.data.title) : `HTTP ${response.status}`;
  throw new VaultError('TOKEN_INVALID', `the gateway gives no development token (${said}); use a token of your own issuer`);
}

async function send(gatewayUrl: string, body: object): Promise<Response> {
  try {
    return await fetch(`${gatewayUrl}/v1/development/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new VaultError('FLEET_UNAVAILABLE', `cannot reach the gateway at ${gatewayUrl}`, {}, { cause });
  }
}
