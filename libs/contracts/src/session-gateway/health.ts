import { z } from 'zod';
import { fleetIdSchema } from '../define/index.js';

/** GET /health: 200 when `status` is ok, else 503. */
export const healthResponse = z.strictObject({
  status: z.enum(['ok', 'failing']),
  checks: z.record(z.string(), z.enum(['ok', 'failing'])),
  /** 0 before the first bundle. */
  bundleEpoch: z.int().min(0),
  /**
   * `live` of `nodes` were heard within the last second; with fewer than `needed` the fleet answers FLEET_UNAVAILABLE.
   * `missingShares`: what the live nodes say that they still have to rebuild; `staleShares`: versions that a refresh has not
   * reached yet. Both are null while a live node does not know, or none is live. None of it is signed.
   */
  fleets: z.array(
    z.strictObject({
      fleetId: fleetIdSchema,
      live: z.int().min(0),
      needed: z.int(),
      nodes: z.int(),
      missingShares: z.int().min(0).nullable(),
      staleShares: z.int().min(0).nullable(),
    }),
  ),
});
