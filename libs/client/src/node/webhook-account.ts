import { accountId, fromBase64url, invalid, webhookAccount } from '@strongroom/protocol';

/**
 * The `account` of a webhook for the user whom tokens of `iss` call `sub`: for the application's server, which looks its
 * users up by it. @param secret as in WEBHOOK_SECRET_FILE: `whsec_` and base64 @throws REQUEST_INVALID naming `secret`
 */
export function accountInWebhooks(secret: string, { iss, sub }: { readonly iss: string; readonly sub: string }): string {
  if (!secret.startsWith('whsec_')) throw invalid('secret', 'must begin with whsec_');
  const text = secret.slice('whsec_'.length).trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return webhookAccount(fromBase64url(text, 'secret'), accountId(iss, sub));
}
