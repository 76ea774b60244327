import { z } from 'zod';
import { defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';
import { digestSchema } from './enrolment.js';

export const fleetStateSchema = z.enum(['forming', 'active', 'draining', 'retired']);

/** PROTOCOL 1: q > n/2, q >= t, t > n/2, n - q >= 1. Checked by the registry, the auditor, the nodes and the client. */
export const fleetParametersSchema = z.strictObject({
  n: z.int().min(2).max(32),
  t: z.int().min(2).max(32),
  q: z.int().min(2).max(32),
  attempts: z.int().min(1).max(100),
  suite: z.literal(1),
  /** `argon2id:<KiB>:<passes>:<lanes>`, or `none`, which is the bench suite and refused in production. */
  ksf: z.string().regex(/^(?:argon2id:\d{1,7}:\d{1,3}:\d{1,3}|none)$/),
});

export const fleetView = z.strictObject({
  fleetId: fleetIdSchema,
  epoch: z.int().min(1),
  state: fleetStateSchema,
  parameters: fleetParametersSchema,
  /** Enrolment digests in the order of their node index 1..n. */
  members: z.array(digestSchema),
});

const operatorToken = z.string().min(1).max(4096);

export const fleetCreate = defineRpc({
  owner: 'fleet-registry',
  capability: 'fleet',
  verb: 'create',
  version: 1,
  addressed: false,
  summary: 'Form a fleet of enrolled nodes. Operators only.',
  request: z.strictObject({
    operatorToken,
    fleetId: fleetIdSchema,
    parameters: fleetParametersSchema,
    members: z.array(digestSchema).min(2).max(32),
  }),
  response: fleetView,
  timeoutMs: 5_000,
  maxBytes: 16 * 1024,
});

export const fleetList = defineRpc({
  owner: 'fleet-registry',
  capability: 'fleet',
  verb: 'list',
  version: 1,
  addressed: false,
  summary: 'Every fleet with its state, epoch, parameters and members. Operators only.',
  request: z.strictObject({ operatorToken }),
  response: z.strictObject({ fleets: z.array(fleetView) }),
  timeoutMs: 5_000,
  maxBytes: 256 * 1024,
});

export const fleetSetState = defineRpc({
  owner: 'fleet-registry',
  capability: 'fleet',
  verb: 'set-state',
  version: 1,
  addressed: false,
  summary: 'Move a fleet along forming, active, draining, retired. Operators only.',
  request: z.strictObject({ operatorToken, fleetId: fleetIdSchema, state: fleetStateSchema }),
  response: fleetView,
  timeoutMs: 5_000,
  maxBytes: 8 * 1024,
});

export const fleetReplaceNode = defineRpc({
  owner: 'fleet-registry',
  capability: 'fleet',
  verb: 'replace-node',
  version: 1,
  addressed: false,
  summary: 'Put an enrolled node in the place of another one: the next epoch of the fleet. Operators only.',
  request: z.strictObject({ operatorToken, fleetId: fleetIdSchema, node: nodeIndexSchema, member: digestSchema }),
  response: fleetView,
  timeoutMs: 5_000,
  maxBytes: 16 * 1024,
});

export const fleetRefresh = defineRpc({
  owner: 'fleet-registry',
  capability: 'fleet',
  verb: 'refresh',
  version: 1,
  addressed: false,
  summary: 'Lead a fleet to its next epoch with the same machines, which then make all shares anew. Operators only.',
  request: z.strictObject({ operatorToken, fleetId: fleetIdSchema }),
  response: fleetView,
  timeoutMs: 5_000,
  maxBytes: 16 * 1024,
});

/** What publisher and auditor each derive the bundle text from. Nothing in it is taken on the registry's word: statements are signed. */
export const evidenceRead = defineRpc({
  owner: 'fleet-registry',
  capability: 'evidence',
  verb: 'read',
  version: 1,
  addressed: false,
  summary: 'Fleets with the signed enrolment statements of their members.',
  request: z.strictObject({}),
  response: z.strictObject({
    fleets: z.array(fleetView.extend({ statements: z.array(z.instanceof(Uint8Array)) })),
  }),
  timeoutMs: 5_000,
  maxBytes: 512 * 1024,
});
