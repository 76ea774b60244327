import { argon2id } from 'hash-wasm';
import { z } from 'zod';

const OUTPUT_LENGTH = 64;
const SALT_LENGTH = 16;

/** What a worker is asked. The upper bounds keep a bundle from asking a phone for more memory than it has. */
export const argon2Job = z.strictObject({
  input: z.instanceof(Uint8Array),
  kind: z.literal('argon2id'),
  memoryKib: z
    .int()
    .min(8)
    .max(1024 * 1024),
  iterations: z.int().min(1).max(16),
  parallelism: z.int().min(1).max(16),
});

export type Argon2Answer = { readonly output: Uint8Array } | { readonly error: string };

export const argon2Answer: z.ZodType<Argon2Answer> = z.union([
  z.strictObject({ output: z.instanceof(Uint8Array) }),
  z.strictObject({ error: z.string() }),
]);

/**
 * One Argon2id run on this thread. Wipes its copy of the input; the WASM memory goes when the worker ends.
 * Answers a wrong job with the reason, never with what it was given.
 */
export async function runArgon2Job(message: unknown): Promise<Argon2Answer> {
  const job = argon2Job.safeParse(message);
  if (!job.success) return { error: `bad cost: ${job.error.issues[0]?.path.join('.') ?? ''}` };
  const { input, memoryKib, iterations, parallelism } = job.data;
  try {
    const output = await argon2id({
      password: input,
      salt: new Uint8Array(SALT_LENGTH),
      iterations,
      parallelism,
      memorySize: memoryKib,
      hashLength: OUTPUT_LENGTH,
      outputType: 'binary',
    });
    return { output };
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'argon2id failed' };
  } finally {
    input.fill(0);
  }
}
