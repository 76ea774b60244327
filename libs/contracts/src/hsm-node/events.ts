import { z } from 'zod';
import { defineEvent, fleetIdSchema, nodeIndexSchema } from '../define/index.js';

/** Which attempt or record an event speaks of: a labelled hash cut to 8 bytes, in hexadecimal. It leads to no account. */
const tag = z.string().regex(/^[0-9a-f]{16}$/);
const where = { fleetId: fleetIdSchema, node: nodeIndexSchema };
const hsmNodeEvent = { owner: 'hsm-node', version: 1 } as const;

export const attemptVoted = defineEvent({
  ...hsmNodeEvent,
  capability: 'attempt',
  verb: 'voted',
  summary: 'The node voted for an attempt; `spent` counts the attempts since the last confirmed one, this one included.',
  data: z.object({ ...where, attempt: tag, round: z.int().min(0), spent: z.int().min(0) }),
});

export const attemptQuorumReached = defineEvent({
  ...hsmNodeEvent,
  capability: 'attempt',
  verb: 'quorum-reached',
  summary: 'The node holds q valid votes for an attempt.',
  data: z.object({ ...where, attempt: tag, voters: z.array(nodeIndexSchema) }),
});

export const shareReleased = defineEvent({
  ...hsmNodeEvent,
  capability: 'share',
  verb: 'released',
  summary: 'The node evaluated a decided attempt and its answer left the node.',
  data: z.object({ ...where, attempt: tag }),
});

export const attemptConfirmed = defineEvent({
  ...hsmNodeEvent,
  capability: 'attempt',
  verb: 'confirmed',
  summary: 'The node stored the confirmation of an attempt: the code was right.',
  data: z.object({ ...where, attempt: tag }),
});

export const recordActivated = defineEvent({
  ...hsmNodeEvent,
  capability: 'record',
  verb: 'activated',
  summary: 'A version of a record became the active one at this node.',
  data: z.object({ ...where, record: tag }),
});

export const recordLocked = defineEvent({
  ...hsmNodeEvent,
  capability: 'record',
  verb: 'locked',
  summary: 'The last attempt is spent; the shares are erased at `eraseAt` unless it is confirmed.',
  data: z.object({ ...where, record: tag, eraseAt: z.iso.datetime() }),
});

export const recordErased = defineEvent({
  ...hsmNodeEvent,
  capability: 'record',
  verb: 'erased',
  summary: 'The node destroyed its shares of a record and the key that sealed them.',
  data: z.object({ ...where, record: tag, reason: z.enum(['locked', 'deleted', 'replaced', 'refreshed']) }),
});

export const nodeReady = defineEvent({
  ...hsmNodeEvent,
  capability: 'node',
  verb: 'joined',
  summary: 'The node finished its rejoin and takes part in votes.',
  data: z.object({ ...where, incarnation: z.int().min(1), epoch: z.int().min(1) }),
});

export const nodeRollbackDetected = defineEvent({
  ...hsmNodeEvent,
  capability: 'node',
  verb: 'rollback-detected',
  summary: 'A peer has seen more of this node than the node remembers: its storage was rolled back.',
  data: z.object({ ...where, incarnation: z.int().min(1) }),
});

export const nodeMisbehaved = defineEvent({
  ...hsmNodeEvent,
  capability: 'node',
  verb: 'misbehaved',
  summary: 'The node holds proof that `culprit` signed two values at one ballot.',
  data: z.object({ ...where, culprit: nodeIndexSchema }),
});

export const logHealed = defineEvent({
  ...hsmNodeEvent,
  capability: 'log',
  verb: 'healed',
  summary: 'Comparing with the node `from`, the node took over decided entries or confirmations of so many accounts that it had missed.',
  data: z.object({ ...where, from: nodeIndexSchema, accounts: z.int().min(1) }),
});

export const logDiverged = defineEvent({
  ...hsmNodeEvent,
  capability: 'log',
  verb: 'diverged',
  summary: 'The node and the node `from` say different things of the same index of so many accounts: one of them is wrong or lies.',
  data: z.object({ ...where, from: nodeIndexSchema, accounts: z.int().min(1) }),
});

export const shareRepairProgressed = defineEvent({
  ...hsmNodeEvent,
  capability: 'share',
  verb: 'repair-progressed',
  summary: 'The node rebuilds shares that it lacks from those of its peers: so many are `missing` still, and so many failed in this pass.',
  data: z.object({ ...where, missing: z.int().min(0), repaired: z.int().min(0), failed: z.int().min(0) }),
});

export const shareRepairSpoiled = defineEvent({
  ...hsmNodeEvent,
  capability: 'share',
  verb: 'repair-spoiled',
  summary: 'What helpers sent did not add up to the share that the record promises. `suspects` took part each time it failed.',
  data: z.object({ ...where, suspects: z.array(nodeIndexSchema) }),
});

export const shareRefreshProgressed = defineEvent({
  ...hsmNodeEvent,
  capability: 'share',
  verb: 'refresh-progressed',
  summary:
    'The fleet makes its shares anew: so many living versions are `stale` still, so many `refreshed` since the node began, and so many `failed` in this pass.',
  data: z.object({ ...where, stale: z.int().min(0), refreshed: z.int().min(0), failed: z.int().min(0) }),
});

export const shareRefreshSpoiled = defineEvent({
  ...hsmNodeEvent,
  capability: 'share',
  verb: 'refresh-spoiled',
  summary:
    'A member lied in a refresh: it dealt what its commitments do not promise, or complained without reason. Nothing came of the session.',
  data: z.object({ ...where, culprit: nodeIndexSchema }),
});
