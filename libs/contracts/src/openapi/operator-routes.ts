import { fleetIdSchema, nodeIndexSchema } from '../define/index.js';
import { fleetView } from '../fleet-registry/index.js';
import {
  bundleResponse,
  createFleetRequest,
  deploymentResponse,
  enrolmentsResponse,
  fleetsResponse,
  replaceNodeRequest,
  setFleetStateRequest,
  submitDeploymentRequest,
} from '../session-gateway/index.js';
import { none, type HttpRoute } from './http-route.js';

const operator = { ...none, caller: 'operator', tag: 'operator' } as const;

/** For tokens with the role operator. */
export const OPERATOR_ROUTES: readonly HttpRoute[] = [
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
];
