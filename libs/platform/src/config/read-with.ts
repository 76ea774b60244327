import { z } from 'zod';

/** A variable that `read` makes something of, from the empty text when it is not set; what `read` throws stops the boot with its message. */
export function readWith<T>(read: (text: string) => T): z.ZodType<T> {
  return z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return read(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
        return z.NEVER;
      }
    });
}
