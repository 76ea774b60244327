import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock, Log, nestOptions, type RootModule } from '@strongroom/platform';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { serveDocs } from '../openapi/docs.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { answerBrokenRequest, answerUnreadablePath } from './broken-request.js';
import type { HttpReply, HttpRequest } from './http-request.js';

export interface ServerSettings {
  /** Addresses and ranges whose X-Forwarded-For is believed. */
  readonly trustProxy: false | string;
  readonly corsOrigins: readonly string[] | '*';
}

/** Largest body, in bytes: a registration of 32 nodes has room in it. */
export const BODY_LIMIT = 64 * 1024;
/** A deployment statement has the votes of its known answers in it; operators alone send one. */
const DEPLOYMENT_ROUTE = '/v1/operator/deployments';
const DEPLOYMENT_BODY_LIMIT = 320 * 1024;
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
const PREFLIGHT_MAX_AGE_S = 600;

/** The HTTP application, ready to listen or to be injected into; the module brings the routes. */
export async function createServer(module: RootModule, settings: ServerSettings, log: Log): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, adapterOf(settings), { ...nestOptions(log), bodyParser: false });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  app.useGlobalFilters(new ProblemFilter(app.get(Clock), log));
  if (settings.corsOrigins.length > 0) app.enableCors(corsOf(settings.corsOrigins));
  fastify.addHook('onRoute', (route) => {
    if (route.url === DEPLOYMENT_ROUTE) route.bodyLimit = DEPLOYMENT_BODY_LIMIT;
  });
  const metrics = app.get(GatewayMetrics);
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  fastify.addHook('onResponse', async (request, reply) => record(request, reply, metrics, log));
  await serveDocs(app);
  await app.init();
  return app;
}

function adapterOf({ trustProxy }: ServerSettings): FastifyAdapter {
  const process = randomBytes(6).toString('hex');
  let requests = 0;
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES },
    forceCloseConnections: 'idle',
    // Ids of our own: one that a client chooses would let it write into the log.
    genReqId: () => `${process}-${(requests++).toString(36)}`,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerUnreadablePath,
  });
}

function corsOf(origins: readonly string[] | '*'): Parameters<NestFastifyApplication['enableCors']>[0] {
  return {
    origin: origins === '*' ? '*' : [...origins],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'strongroom-bundle', 'strongroom-proof'],
    exposedHeaders: ['retry-after', 'www-authenticate', 'x-request-id'],
    maxAge: PREFLIGHT_MAX_AGE_S,
  };
}

/** One line and one measurement a request: the template of its route, never its path, address, token or body. Probes are debug. */
function record(request: HttpRequest, reply: HttpReply, metrics: GatewayMetrics, log: Log): void {
  const route = request.routeOptions.url ?? 'unknown';
  const ms = Math.round(reply.elapsedTime * 100) / 100;
  metrics.request(request.method, route, reply.statusCode, ms);
  const line = { event: 'http.answered', method: request.method, route, status: reply.statusCode, ms, requestId: request.id };
  if (route.startsWith('/v1/')) log.info(line);
  else log.debug(line);
}
