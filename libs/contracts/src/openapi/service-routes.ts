import { developmentTokenRequest, developmentTokenResponse, healthResponse } from '../session-gateway/index.js';
import { none, type HttpRoute } from './http-route.js';

/** What has to do with the service itself. */
export const SERVICE_ROUTES: readonly HttpRoute[] = [
  {
    ...none,
    method: 'post',
    path: '/v1/development/tokens',
    operationId: 'issueDevelopmentToken',
    tag: 'development',
    caller: 'anyone',
    status: 201,
    summary: 'A token for anyone. Only with the development issuer; in production the route does not exist.',
    request: developmentTokenRequest,
    response: developmentTokenResponse,
    errors: ['RATE_LIMITED', 'NOT_FOUND'],
  },
  {
    ...none,
    method: 'get',
    path: '/health',
    operationId: 'readHealth',
    tag: 'service',
    caller: 'anyone',
    summary: 'Whether the gateway can serve, and how many nodes of each fleet are live. 503 with the same body when it cannot.',
    response: healthResponse,
  },
  {
    ...none,
    method: 'get',
    path: '/metrics',
    operationId: 'readMetrics',
    tag: 'service',
    caller: 'anyone',
    summary: 'Metrics in the Prometheus text format.',
    response: 'text/plain',
  },
];
