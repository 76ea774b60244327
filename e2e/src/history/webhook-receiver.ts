import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const bodySchema = z.object({ type: z.string(), timestamp: z.iso.datetime(), data: z.object({ account: z.string(), number: z.int() }) });
const TOLERANCE_S = 300;

/** For tests: an application's server, which checks webhooks as Standard Webhooks 1.0.0 says and knows each id once. */
export class WebhookReceiver {
  /** Answered with 500 before any is taken. */
  failNext = 0;
  failed = 0;
  /** Whose signature does not hold. */
  readonly unsigned: string[] = [];
  private readonly taken = new Map<string, z.infer<typeof bodySchema>>();
  private bodies = '';

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    readonly secret: string,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const folder = mkdtempSync(join(tmpdir(), 'strongroom-webhook-'));
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const server = createServer();
    const receiver = new WebhookReceiver(server, folder, secret);
    writeFileSync(receiver.secretFile, secret, { mode: 0o600 });
    server.on('request', (request, response) => {
      void receiver.take(request).then((status) => response.writeHead(status).end());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/vault`;
  }

  get secretFile(): string {
    return join(this.folder, 'webhook-secret');
  }

  /** Everything that ever came, as text. */
  get said(): string {
    return this.bodies;
  }

  /** Numbers in the account's log for which such a webhook was taken. */
  told(type: string, account: string): readonly number[] {
    return [...this.taken.values()].filter((one) => one.type === type && one.data.account === account).map(({ data }) => data.number);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async take(request: IncomingMessage): Promise<number> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts).toString();
    this.bodies += body;
    const [id, timestamp] = [String(request.headers['webhook-id']), String(request.headers['webhook-timestamp'])];
    const key = Buffer.from(this.secret.slice('whsec_'.length), 'base64');
    const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    const signatures = String(request.headers['webhook-signature']).split(' ');
    if (!signatures.includes(expected) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S) {
      this.unsigned.push(id);
      return 401;
    }
    if (this.failNext > 0) {
      this.failNext -= 1;
      this.failed += 1;
      return 500;
    }
    this.taken.set(id, bodySchema.parse(JSON.parse(body)));
    return 204;
  }
}
