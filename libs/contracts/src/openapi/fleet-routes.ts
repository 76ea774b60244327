import { fleetIdSchema } from '../define/index.js';
import { logSizeSchema } from '../bundle-publisher/index.js';
import { digestSchema } from '../fleet-registry/index.js';
import {
  bundleResponse,
  consistencyResponse,
  deploymentResponse,
  fleetEvidenceResponse,
  possessionResponse,
} from '../session-gateway/index.js';
import { none, type HttpRoute } from './http-route.js';

/** What anybody may read of the fleets, because it proves itself. */
export const FLEET_ROUTES: readonly HttpRoute[] = [
  {
    ...none,
    method: 'get',
    path: '/v1/fleet-bundle',
    operationId: 'readBundle',
    tag: 'fleet',
    caller: 'anyone',
    summary: 'The newest validation bundle: which nodes form the fleet, signed by operator and auditor.',
    response: bundleResponse,
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
  },
  {
    ...none,
    method: 'get',
    path: '/v1/fleet-evidence',
    operationId: 'readFleetEvidence',
    tag: 'fleet',
    caller: 'anyone',
    summary: "What bundles are derived from: every fleet with its members' signed enrolment statements.",
    response: fleetEvidenceResponse,
    errors: ['FLEET_UNAVAILABLE', 'RATE_LIMITED'],
  },
  {
    ...none,
    method: 'get',
    path: '/v1/deployments/{digest}',
    operationId: 'readDeployment',
    tag: 'fleet',
    caller: 'anyone',
    summary: 'The deployment statement that a bundle names, with the signatures of custodians, auditor and operator.',
    parameters: { digest: digestSchema },
    response: deploymentResponse,
    errors: ['REQUEST_INVALID', 'NOT_FOUND', 'FLEET_UNAVAILABLE', 'RATE_LIMITED'],
  },
  {
    ...none,
    method: 'get',
    path: '/v1/fleets/{fleetId}/possession/{nonce}',
    operationId: 'readPossession',
    tag: 'fleet',
    caller: 'anyone',
    summary: 'What each running node signs for a nonce of the asker (64 hexadecimal digits): that it holds its key, and what it runs.',
    parameters: { fleetId: fleetIdSchema, nonce: digestSchema },
    response: possessionResponse,
    errors: ['REQUEST_INVALID', 'BUNDLE_STALE', 'RATE_LIMITED'],
  },
  {
    ...none,
    method: 'get',
    path: '/v1/fleet-bundle/consistency/{oldSize}/{newSize}',
    operationId: 'readConsistency',
    tag: 'fleet',
    caller: 'anyone',
    summary: 'The proof that the log of the bundles only grew between two sizes, for a client that missed bundles in between.',
    parameters: { oldSize: logSizeSchema, newSize: logSizeSchema },
    response: consistencyResponse,
    errors: ['NOT_FOUND', 'RATE_LIMITED', 'FLEET_UNAVAILABLE'],
  },
];
