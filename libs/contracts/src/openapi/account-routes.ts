import { z } from 'zod';
import {
  attemptRequest,
  attemptResponse,
  BUNDLE_HEADER,
  confirmRequest,
  confirmResponse,
  entryRequest,
  entryResponse,
  PROOF_HEADER,
  registerRequest,
  registerResponse,
  statusResponse,
} from '../session-gateway/index.js';
import { none, type HttpRoute } from './http-route.js';

const attemptIdSchema = z.string().regex(/^[0-9a-f]{64}$/);
const fleetErrors = ['FLEET_UNAVAILABLE', 'RATE_LIMITED', 'BUNDLE_STALE'] as const;
const account = { ...none, caller: 'account', headers: [BUNDLE_HEADER] } as const;

/** Records and recovery: for the holder of an account token. */
export const ACCOUNT_ROUTES: readonly HttpRoute[] = [
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
];
