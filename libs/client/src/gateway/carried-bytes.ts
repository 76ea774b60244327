import { VaultError, fromBase64url, type Bytes } from '@strongroom/protocol';
import { LostAnswer } from '../call/retry.js';

/** Strict base64url out of an answer of the gateway. @throws LostAnswer: an answer off the contract is no answer */
export function carriedBytes(text: string, field: string): Bytes {
  try {
    return fromBase64url(text, field);
  } catch (cause) {
    if (cause instanceof VaultError) throw new LostAnswer(cause.message, { cause });
    throw cause;
  }
}
