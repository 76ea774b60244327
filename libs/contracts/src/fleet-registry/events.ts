import { z } from 'zod';
import { defineEvent, fleetIdSchema } from '../define/index.js';
import { digestSchema } from './enrolment.js';
import { fleetStateSchema } from './fleet.js';

export const nodeEnrolled = defineEvent({
  owner: 'fleet-registry',
  capability: 'node',
  verb: 'enrolled',
  version: 1,
  summary: 'A node enrolled itself with a signed statement.',
  data: z.object({ digest: digestSchema, environment: z.enum(['software', 'hsm']) }),
});

export const fleetChanged = defineEvent({
  owner: 'fleet-registry',
  capability: 'fleet',
  verb: 'changed',
  version: 1,
  summary: 'A fleet was formed or moved to another state.',
  data: z.object({ fleetId: fleetIdSchema, state: fleetStateSchema, epoch: z.int().min(1) }),
});
