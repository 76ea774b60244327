import { z } from 'zod';

/** A bug that a spec must find: one place of the compiled code, changed while it is loaded and nowhere else (docs/adr/0034). */
export const plantedBug = z.object({
  name: z.string().min(1),
  /** Below the folder of the compiled code. */
  file: z.string().min(1),
  find: z.string().min(1),
  replace: z.string(),
  /** The spec that states the rule, below the same folder. */
  spec: z.string().endsWith('.spec.js'),
});

export type PlantedBug = Readonly<z.infer<typeof plantedBug>>;

/** What a spec said over the code with one bug, or over the code as it is. */
export interface SpecRun {
  readonly passed: number;
  /** The first test that failed. */
  readonly failed: string | null;
}
