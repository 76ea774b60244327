import { z } from 'zod';
import type { ErrorCode } from '@strongroom/protocol';
import { fleetIdSchema, nodeIndexSchema } from '../define/index.js';
import {
  attemptRequest,
  attemptResponse,
  bundleResponse,
  BUNDLE_HEADER,
  confirmRequest,
  confirmResponse,
  consistencyResponse,
  createFleetRequest,
  deploymentResponse,
  developmentTokenRequest,
  developmentTokenResponse,
  enrolmentsResponse,
  entryRequest,
  entryResponse,
  fleetEvidenceResponse,
  fleetsResponse,
  healthResponse,
  PROOF_HEADER,
  registerRequest,
  registerResponse,
  replaceNodeRequest,
  setFleetStateRequest,
  statusResponse,
  submitDeploymentRequest,
} from '../session-gateway/index.js';
import { logSizeSchema } from '../bundle-publisher/index.js';
import { digestSchema, fleetView } from '../fleet-registry/index.js';

/** One route of the gateway, as the OpenAPI document and its test see it. */
export interface HttpRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: 'recovery' | 'records' | 'fleet' | 'operator' | 'development' | 'service';
  readonly summary: string;
  /** Who may call: anyone, the holder of an account token, or of one with the role operator. */
  readonly caller: 'anyone' | 'account' | 'operator';
  readonly parameters: Readonly<Record<string, z.ZodType>>;
  readonly headers: readonly (typeof BUNDLE_HEADER | typeof PROOF_HEADER)[];
  readonly request: z.ZodType | undefined;
  readonly status: 200 | 201;
  /** A schema, or the media type of a text. */
  readonly response: z.ZodType | string;
  /** Beyond those that every route of its caller can give. */
  readonly errors: readonly ErrorCode[];
}

const none = { parameters: {}, headers: [], request: undefined, status: 200, errors: [] } as const;
const attemptIdSchema = z.string().regex(/^[0-9a-f]{64}$/);
const fleetErrors = ['FLEET_UNAVAILABLE', 'RATE_LIMITED', 'BUNDLE_STALE'] as const;
const account = { ...none, caller: 'account', headers: [BUNDLE_HEADER] } as const;
const operator = { ...none, caller: 'operator', tag: 'operator' } as const;

/** Every route of the gateway, in the order of the document. */
export const HTTP_ROUTES: readonly HttpRoute[] = [
  {
    ...account,
    method: 'post',
    path: '/v1/records',
    operationId: 'registerRecord',
    tag: 'records',
    status: 201,
    summary: 'Register a record: one message, all or nothing.',
    request: registerRequest,
    response: registerResponse,
    errors: [...fleetErrors, 'CONFLICT'],
  },
  {
    ...account,
    method: 'get',
    path: '/v1/records/me',
    operationId: 'readStatus',
    tag: 'records',
    headers: [BUNDLE_HEADER, PROOF_HEADER],
    summary: "The nodes' own signed views of the account: version, status, attempts spent.",
    response: statusResponse,
    errors: [...fleetErrors, 'RECORD_UNKNOWN'],
  },
  {
    ...account,
    method: 'delete',
    path: '/v1/records/me',
    operationId: 'deleteRecord',
    tag: 'records',
    summary: 'Delete the record and its shares.',
    request: entryRequest,
    response: entryResponse,
    errors: [...fleetErrors, 'RECORD_UNKNOWN', 'CONFLICT'],
  },
  {
    ...account,
    method: 'post',
    path: '/v1/records/me/cancel',
    operationId: 'cancelPending',
    tag: 'records',
    summary: 'Cancel a pending registration.',
    request: entryRequest,
    response: entryResponse,
    errors: [...fleetErrors, 'RECORD_UNKNOWN', 'CONFLICT'],
  },
  {
    ...account,
    method: 'post',
    path: '/v1/attempts',
    operationId: 'attemptRecovery',
    tag: 'recovery',
    summary: 'Try a recovery code. The same entry sent again gives the same answer and costs nothing.',
    request: attemptRequest,
    response: attemptResponse,
    errors: [...fleetErrors, 'RECORD_UNKNOWN', 'RECORD_LOCKED'],
  },
  {
    ...account,
    method: 'post',
    path: '/v1/attempts/{id}/confirm',
    operationId: 'confirmAttempt',
    tag: 'recovery',
    summary: 'Prove that the code was right and receive the sealed shares of the release secret.',
    parameters: { id: attemptIdSchema },
    request: confirmRequest,
    response: confirmResponse,
    errors: [...fleetErrors, 'RECORD_UNKNOWN', 'RECORD_LOCKED'],
  },
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
    path: '/v1/fleet-bundle/consistency/{oldSize}/{newSize}',
    operationId: 'readConsistency',
    tag: 'fleet',
    caller: 'anyone',
    summary: 'The proof that the log of the bundles only grew between two sizes, for a client that missed bundles in between.',
    parameters: { oldSize: logSizeSchema, newSize: logSizeSchema },
    response: consistencyResponse,
    errors: ['NOT_FOUND', 'RATE_LIMITED', 'FLEET_UNAVAILABLE'],
  },
  {
    ...operator,
    method: 'get',
    path: '/v1/operator/live',
    operationId: 'watchLive',
    summary:
      'Votes, quorums, releases and the nodes of each fleet as they are heard, as server-sent events. Proves nothing; names no account.',
    response: 'text/event-stream',
    errors: ['RATE_LIMITED'],
  },
  {
    ...operator,
    method: 'get',
    path: '/v1/operator/enrolments',
    operationId: 'listEnrolments',
    summary: 'Every enrolled node.',
    response: enrolmentsResponse,
  },
  {
    ...operator,
    method: 'get',
    path: '/v1/operator/fleets',
    operationId: 'listFleets',
    summary: 'Every fleet with its state, epoch, parameters and members.',
    response: fleetsResponse,
  },
  {
    ...operator,
    method: 'post',
    path: '/v1/operator/fleets',
    operationId: 'createFleet',
    status: 201,
    summary: 'Form a fleet of enrolled nodes.',
    request: createFleetRequest,
    response: fleetView,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  {
    ...operator,
    method: 'put',
    path: '/v1/operator/fleets/{fleetId}/state',
    operationId: 'setFleetState',
    summary: 'Move a fleet along forming, active, draining, retired.',
    parameters: { fleetId: fleetIdSchema },
    request: setFleetStateRequest,
    response: fleetView,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  {
    ...operator,
    method: 'put',
    path: '/v1/operator/fleets/{fleetId}/nodes/{node}',
    operationId: 'replaceNode',
    summary: 'Put an enrolled node in the place of another one: the next epoch of the fleet, once a bundle announces it.',
    parameters: { fleetId: fleetIdSchema, node: nodeIndexSchema },
    request: replaceNodeRequest,
    response: fleetView,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  {
    ...operator,
    method: 'post',
    path: '/v1/operator/fleets/{fleetId}/refresh',
    operationId: 'refreshFleet',
    summary: 'Have the same machines make all shares anew: the next epoch of the fleet, once a bundle announces it.',
    parameters: { fleetId: fleetIdSchema },
    response: fleetView,
    errors: ['CONFLICT', 'NOT_FOUND'],
  },
  {
    ...operator,
    method: 'post',
    path: '/v1/operator/bundles',
    operationId: 'proposeBundle',
    status: 201,
    summary: 'Derive the next bundle, have it countersigned by the auditor, and publish it.',
    response: bundleResponse,
    errors: ['CONFLICT', 'BUNDLE_INVALID'],
  },
  {
    ...operator,
    method: 'post',
    path: '/v1/operator/deployments',
    operationId: 'submitDeployment',
    status: 201,
    summary: 'Have auditor and operator check and sign a deployment statement that custodians have signed.',
    request: submitDeploymentRequest,
    response: deploymentResponse,
    errors: ['CONFLICT'],
  },
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
