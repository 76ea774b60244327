import type { attemptEvaluate, decidedSchema, ResponseOf } from '@strongroom/contracts';
import type { z } from 'zod';

/** A decided index with the votes that decided it, as nodes send it (PROTOCOL 4.3). */
export type Decided = z.infer<typeof decidedSchema>;

/** One node's answer to an evaluation request. */
export type Evaluation = ResponseOf<typeof attemptEvaluate>;
