import { Agent, request } from 'node:http';
import { problemDetails } from '@strongroom/contracts';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** The gateway refused, or did not answer: `code` is its error code, `HTTP <status>` or the system's. */
export class DoorError extends Error {
  override readonly name = 'DoorError';
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

const TIMEOUT_MS = 15_000;

/** The gateway's door over kept connections. node:http, because fetch would cost the generator several times as much. */
export class HttpDoor {
  private readonly agent: Agent;
  private readonly host: string;
  private readonly port: number;

  constructor(baseUrl: string, connections: number) {
    const { hostname, port } = new URL(baseUrl);
    this.host = hostname;
    this.port = Number(port);
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns the text of a 2xx answer. @throws DoorError */
  async send(method: 'GET' | 'POST', path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<string> {
    const { status, text } = await this.exchange(method, path, headers, body);
    if (status >= 200 && status < 300) return text;
    throw refusal(status, text);
  }

  close(): void {
    this.agent.destroy();
  }

  private exchange(method: string, path: string, headers: Readonly<Record<string, string>>, body: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const content = body === '' ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
      const options = { agent: this.agent, host: this.host, port: this.port, method, path, headers: { ...headers, ...content } };
      const fail = (error: Error): void => reject(new DoorError('code' in error ? String(error.code) : error.name, error.message));
      const sent = request({ ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
      });
      sent.on('error', fail);
      sent.end(body);
    });
  }
}

function refusal(status: number, text: string): DoorError {
  try {
    const { code, detail = '' } = problemDetails.parse(JSON.parse(text));
    return new DoorError(code, detail);
  } catch {
    // Not a problem document: the status is all there is.
    return new DoorError(`HTTP ${status}`, text.slice(0, 200));
  }
}
