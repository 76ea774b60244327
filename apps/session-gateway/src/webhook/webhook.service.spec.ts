import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountNotice, bundlePublished, type MessageOf } from '@strongroom/contracts';
import { nodeSigner } from '@strongroom/platform';
import { accountNoticeMessage, NOTICE_KINDS, Secret, webhookAccount, type AccountNotice } from '@strongroom/protocol';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALICE, exampleGateway, type ExampleGateway } from '../example/example-gateway.js';
import { exampleNote, FLEET_ID, NOW_MS } from '../example/example-fleet.js';
import { webhookHeaders, webhookMessage } from './webhook-message.js';
import { readWebhookSecret } from './webhook-secret.js';

const secret = new Uint8Array(32).fill(5);
const NOTICE: Omit<AccountNotice, 'node'> = { fleetId: FLEET_ID, epoch: 1, uid: ALICE, kind: 'attempt-used', number: 4, atMs: NOW_MS };

interface Received {
  readonly id: string;
  readonly body: { readonly type: string; readonly data: object };
}
let server: Server;
let gateway: ExampleGateway;
let received: Received[];
let waiting: (() => void)[];

beforeEach(async () => {
  [received, waiting] = [[], []];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.writeHead(204).end();
      received.push({ id: String(request.headers['webhook-id']), body: JSON.parse(Buffer.concat(parts).toString()) });
      waiting.splice(0).forEach((go) => go());
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  gateway = await exampleGateway({ webhook: { url: hook(), secret: new Secret(secret.slice()) } });
});
afterEach(async () => {
  await gateway.app.close();
  server.closeAllConnections();
  server.close();
});

function hook(): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`;
}

/** As the example's node signs it. */
function noticeBy(node: number, changes: Partial<AccountNotice> = {}, by = node): MessageOf<typeof accountNotice> {
  const { fleetId, ...notice } = { ...NOTICE, node, ...changes };
  return { ...notice, signature: nodeSigner(new Uint8Array(32).fill(by)).sign(accountNoticeMessage({ fleetId, ...notice })) };
}
function say(node: number, changes: Partial<AccountNotice> = {}, by = node): void {
  gateway.bus.announce(accountNotice, FLEET_ID, noticeBy(node, changes, by));
}
/** Ends early, and fails, when nothing comes. */
async function until(count: number): Promise<void> {
  while (received.length < count) {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(reject, 10_000, new Error('no webhook came'));
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
/** Whatever came before this one has been sent before it: the tally tells in order. */
async function settled(): Promise<readonly Received[]> {
  const before = received.length;
  for (const node of [1, 2, 3]) say(node, { number: 900 + before, kind: 'record-changed' });
  while (!received.some(({ body }) => 'number' in body.data && body.data.number === 900 + before)) await until(received.length + 1);
  return received.filter(({ body }) => !('number' in body.data) || Number(body.data.number) < 900);
}

describe('a webhook of the gateway', () => {
  it('tells once what three of five nodes have signed, under the pseudonym of the account', async () => {
    for (const node of [1, 2, 3, 4, 5, 1]) say(node);
    const data = { account: webhookAccount(secret, ALICE), fleetId: FLEET_ID, number: 4 };
    expect(await settled()).toEqual([
      { id: expect.stringMatching(/^msg_[0-9a-f]{32}$/), body: { type: 'attempt.used', timestamp: new Date(NOW_MS).toISOString(), data } },
    ]);
    expect(JSON.stringify(received)).not.toContain(Buffer.from(ALICE).toString('base64url'));
  });

  it('tells nothing on the word of fewer, however often, or of somebody else', async () => {
    for (const node of [1, 2, 1, 2, 1]) say(node);
    say(3, {}, 4);
    say(3, { epoch: 2 });
    say(3, { atMs: NOW_MS - 3_600_001 });
    say(3, { number: 5 });
    expect(await settled()).toEqual([]);
  });

  it('has a type and an id of its own for each thing that happened', async () => {
    for (const kind of NOTICE_KINDS) for (const node of [1, 2, 3]) say(node, { kind });
    const told = await settled();
    expect(told.map(({ body }) => body.type).sort()).toEqual([
      'attempt.confirmed',
      'attempt.used',
      'record.changed',
      'record.erased',
      'record.locked',
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(5);
  });
});

describe('a gateway that starts again', () => {
  it('tells what the server kept of what nodes said meanwhile, and nothing that is too old', async () => {
    const other = await exampleGateway({ note: null, webhook: { url: hook(), secret: new Secret(secret.slice()) } });
    for (const node of [1, 2, 3])
      other.bus.keeps.push(noticeBy(node, { number: 7 }), noticeBy(node, { number: 6, atMs: NOW_MS - 3_600_001 }));
    other.bus.tell(bundlePublished, { epoch: 1, digest: '0'.repeat(64), note: exampleNote });
    await until(1);
    await other.app.close();
    expect(received.map(({ body }) => body.data)).toEqual([expect.objectContaining({ number: 7 })]);
  });
});

describe('a webhook message', () => {
  const given = new Secret(secret.slice());
  const message = webhookMessage({ ...NOTICE, node: 1 }, given);

  it('is signed as Standard Webhooks has it', () => {
    const headers = webhookHeaders(message, given, 1_700_000_000_999);
    const signature = createHmac('sha256', secret).update(`${message.id}.1700000000.${message.body}`).digest('base64');
    expect(headers).toMatchObject({ 'webhook-id': message.id, 'webhook-timestamp': '1700000000', 'webhook-signature': `v1,${signature}` });
  });

  it('is the same from whichever gateway, and another with another secret', () => {
    expect(webhookMessage({ ...NOTICE, node: 2 }, given)).toEqual(message);
    const other = webhookMessage({ ...NOTICE, node: 1 }, new Secret(new Uint8Array(32).fill(6)));
    expect(other.id).not.toBe(message.id);
    expect(other.body).not.toBe(message.body);
  });
});

describe('the secret of a webhook', () => {
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'strongroom-webhook-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read in its standard form', async () => {
    await writeFile(join(folder, 'secret'), `whsec_${Buffer.from(secret).toString('base64')}\n`);
    expect((await readWebhookSecret(join(folder, 'secret'))).reveal()).toEqual(secret);
  });

  it.each(['', 'hunter2', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(120)}`, `whsk_${Buffer.from(secret).toString('base64')}`])(
    'is refused as %j, without a word of it',
    async (text) => {
      await writeFile(join(folder, 'secret'), text);
      const refusal = await readWebhookSecret(join(folder, 'secret')).then(
        () => 'taken',
        (error: unknown) => String(error),
      );
      expect(refusal).toMatch(/must hold whsec_ and base64/);
      expect(refusal).not.toMatch(/hunter2|c2hvcnQ|AAAA|whsk/);
    },
  );
});
