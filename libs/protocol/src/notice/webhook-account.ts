import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { toBase64url, type Bytes } from '../encoding/bytes.js';

/**
 * How a webhook names an account: HMAC-SHA-256 of label "webhook-account" || uid under the webhook's secret, base64url, 43
 * characters. The application, which has the secret and knows its users, finds the user by it; nobody else does.
 * @param secret the bytes behind `whsec_`, 24 to 64 @param uid account id, 32 bytes
 */
export function webhookAccount(secret: Bytes, uid: Bytes): string {
  return toBase64url(hmac(sha256, secret, ByteWriter.labelled('webhook-account').raw(uid).bytes()));
}
