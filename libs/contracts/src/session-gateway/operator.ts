import { z } from 'zod';
import { fleetIdSchema, nodeIndexSchema } from '../define/index.js';
import { digestSchema, enrolmentView } from '../fleet-registry/enrolment.js';
import { fleetParametersSchema, fleetStateSchema, fleetView } from '../fleet-registry/fleet.js';
import { bundleView } from '../bundle-publisher/bundle.js';
import { deploymentView, envelopeSchema } from '../bundle-publisher/deployment.js';
import { possessionFields } from '../hsm-node/node-possession.js';
import { base64urlOf } from './json.js';

/** GET /v1/operator/enrolments */
export const enrolmentsResponse = z.strictObject({ enrolments: z.array(enrolmentView) });
/** POST /v1/operator/fleets */
export const createFleetRequest = z.strictObject({
  fleetId: fleetIdSchema,
  parameters: fleetParametersSchema,
  members: z.array(digestSchema).min(2).max(32),
});
/** GET /v1/operator/fleets */
export const fleetsResponse = z.strictObject({ fleets: z.array(fleetView) });
/** PUT /v1/operator/fleets/{fleetId}/state */
export const setFleetStateRequest = z.strictObject({ state: fleetStateSchema });
/** PUT /v1/operator/fleets/{fleetId}/nodes/{node} */
export const replaceNodeRequest = z.strictObject({ member: digestSchema });
/** POST /v1/operator/bundles, GET /v1/fleet-bundle */
export const bundleResponse = bundleView;
/** POST /v1/operator/deployments */
export const submitDeploymentRequest = z.strictObject({ envelope: envelopeSchema });
/** POST /v1/operator/deployments, GET /v1/deployments/{digest} */
export const deploymentResponse = deploymentView;
/** GET /v1/fleet-evidence: what bundles are derived from. `statements` are the members' enrolment statements, which are text. */
export const fleetEvidenceResponse = z.strictObject({
  fleets: z.array(fleetView.extend({ statements: z.array(z.string().max(4096)) })),
});
/** GET /v1/fleets/{fleetId}/possession/{nonce}: nodes that did not answer are left out. `signature` is over `possessionMessage`. */
export const possessionResponse = z.strictObject({
  nodes: z.array(z.strictObject({ node: nodeIndexSchema, ...possessionFields, signature: base64urlOf(64) })).max(32),
});
/** GET /v1/fleet-bundle/consistency/{oldSize}/{newSize}: hashes of 32 bytes from the smaller tree up, as RFC 6962 2.1.2 has them. */
export const consistencyResponse = z.strictObject({ proof: z.array(base64urlOf(32)).max(63) });
/** POST /v1/development/tokens: only with the development issuer, never in production. */
export const developmentTokenRequest = z.strictObject({
  sub: z.string().min(1).max(256),
  /** base64url of the 32-byte Ed25519 public key to bind the token to. */
  bindingKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  roles: z
    .array(z.enum(['operator']))
    .max(4)
    .default([]),
});
export const developmentTokenResponse = z.strictObject({ token: z.string(), expiresAtMs: z.number() });
