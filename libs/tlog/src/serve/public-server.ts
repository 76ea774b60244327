import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '@strongroom/platform';
import { plain, TooLarge, type PublicAnswer, type PublicRequest, type Route } from './route.js';

export interface PublicServerOptions {
  /** 0 for one that the system chooses. */
  readonly port: number;
  readonly host: string;
  /** The first that knows the path answers. */
  readonly routes: readonly Route[];
  readonly log: Log;
}

const MAX_CONNECTIONS = 256;

/** The HTTP door of a log, a mirror or a witness: public, without accounts, readable from any web page. */
export class PublicServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async listen({ port, host, routes, log }: PublicServerOptions): Promise<PublicServer> {
    const limits = { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 };
    const server = createServer(limits, (request, response) => void serve(request, response, routes, log));
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the public server has no port');
    return new PublicServer(server, address.port);
  }

  /** Nest calls this at the end of an application. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, routes: readonly Route[], log: Log): Promise<void> {
  const answer = await answerOf(request, routes, log);
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const headers = { ...answer.headers, 'content-length': String(body.length), 'access-control-allow-origin': '*' };
  response.writeHead(answer.status, { ...headers, 'x-content-type-options': 'nosniff' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answerOf(request: IncomingMessage, routes: readonly Route[], log: Log): Promise<PublicAnswer> {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const asked: PublicRequest = {
    method: request.method ?? 'GET',
    path,
    takesGzip: /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? ''),
    body: (maxBytes) => bodyOf(request, maxBytes),
  };
  try {
    for (const route of routes) {
      const answer = await route(asked);
      if (answer) return answer;
    }
    return plain(404, 'not found\n');
  } catch (error) {
    if (error instanceof TooLarge) return plain(413, 'too large\n');
    log.error({ event: 'public.failed', reason: error instanceof Error ? error.message : String(error) });
    return plain(500, 'cannot be answered\n');
  }
}

async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length > maxBytes) throw new TooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
