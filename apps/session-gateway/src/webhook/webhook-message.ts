import { ByteWriter, webhookAccount, type AccountNotice, type Bytes, type NoticeKind, type Secret } from '@strongroom/protocol';
import { createHmac } from 'node:crypto';

/** Standard Webhooks 1.0.0: what is sent, the same bytes however often. */
export interface WebhookMessage {
  /** `webhook-id`: the same for the same happening, from whichever gateway and after a restart. */
  readonly id: string;
  readonly body: string;
}

const TYPES: Readonly<Record<NoticeKind, string>> = {
  'attempt-used': 'attempt.used',
  'attempt-confirmed': 'attempt.confirmed',
  'record-changed': 'record.changed',
  'record-locked': 'record.locked',
  'record-erased': 'record.erased',
};

/** `account` is a pseudonym that only holders of the secret can reckon from issuer and subject (OPERATIONS). */
export function webhookMessage(notice: AccountNotice, secret: Secret<Bytes>): WebhookMessage {
  const { kind, number, fleetId, uid, atMs } = notice;
  const account = webhookAccount(secret.reveal(), uid);
  const happening = ByteWriter.labelled('webhook-id').text(fleetId).text(kind).raw(uid).u32(number).bytes();
  const id = `msg_${createHmac('sha256', secret.reveal()).update(happening).digest('hex').slice(0, 32)}`;
  const data = { account, fleetId, number };
  return { id, body: JSON.stringify({ type: TYPES[kind], timestamp: new Date(atMs).toISOString(), data }) };
}

/** `webhook-signature` is over `<id>.<timestamp>.<body>`; the timestamp, in seconds, is that of this try. */
export function webhookHeaders({ id, body }: WebhookMessage, secret: Secret<Bytes>, nowMs: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', secret.reveal()).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
