import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Metrics } from '../metrics/metrics.js';
import type { HealthChecks } from './health-checks.js';

/** GET /health (200 or 503, JSON) and GET /metrics (Prometheus text) for services without an HTTP door of their own. */
export class HealthServer implements OnApplicationShutdown {
  private constructor(
    private readonly server: Server,
    /** The port it listens on: the one the system chose when 0 was asked for. */
    readonly port: number,
  ) {}

  static async listen(port: number, host: string, checks: HealthChecks, metrics: Metrics): Promise<HealthServer> {
    const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000, maxHeaderSize: 4096 }, (request, response) => {
      void answer(request, response, checks, metrics);
    });
    server.maxConnections = 32;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the health server has no port');
    return new HealthServer(server, address.port);
  }

  onApplicationShutdown(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, checks: HealthChecks, metrics: Metrics): Promise<void> {
  try {
    if (request.method !== 'GET') return reply(response, 405, 'text/plain', 'GET only\n');
    if (request.url === '/health') {
      const report = await checks.report();
      return reply(response, report.status === 'ok' ? 200 : 503, 'application/json', `${JSON.stringify(report)}\n`);
    }
    if (request.url !== '/metrics') return reply(response, 404, 'text/plain', '/health and /metrics\n');
    const { body, contentType } = await metrics.text();
    reply(response, 200, contentType, body);
  } catch {
    // A metric that cannot be collected: the scraper sees the failure, the process goes on.
    reply(response, 500, 'text/plain', 'cannot be collected\n');
  }
}

function reply(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}
