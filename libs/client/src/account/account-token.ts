import { accountId, fromBase64url, invalid, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';

const claims = z.looseObject({ iss: z.string().min(1), sub: z.string().min(1) });

/**
 * The account (uid, 32 bytes) that a token is for. The client only reads its own token; gateway and nodes verify it.
 * @throws REQUEST_INVALID naming `accountToken`, never repeating it
 */
export function accountOf(token: string): Bytes {
  const payload = token.split('.')[1];
  if (payload === undefined) throw invalid('accountToken', 'is not a compact JWT');
  const parsed = claims.safeParse(parseJson(payload));
  if (!parsed.success) throw invalid('accountToken', 'has no issuer or subject');
  return accountId(parsed.data.iss, parsed.data.sub);
}

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(payload)));
  } catch (cause) {
    throw invalid('accountToken', cause instanceof SyntaxError ? 'has no JSON payload' : 'cannot be decoded');
  }
}
