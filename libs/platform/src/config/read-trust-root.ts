import { readFile } from 'node:fs/promises';
import { FormatError, parseTrustRoot, type TrustRoot } from '@strongroom/transparency';
import type { z } from 'zod';
import { ConfigError } from './load-config.js';
import type { variables } from './variables.js';

interface TrustRootConfig {
  readonly TRUST_ROOT: string;
  readonly NODE_ENV: z.output<typeof variables.NODE_ENV>;
}

/**
 * The trust root that a service starts with (TRANSPARENCY 2). In production it names a log: without one nobody but the
 * two roles ever sees a bundle, and whoever has both of their keys could show each client fleets of its own.
 * @throws ConfigError when the file is not there, is no trust root, or names no log in production
 */
export async function readTrustRoot({ TRUST_ROOT, NODE_ENV }: TrustRootConfig): Promise<TrustRoot> {
  const trustRoot = parsed(TRUST_ROOT, await textOf(TRUST_ROOT));
  if (NODE_ENV === 'production' && !trustRoot.log)
    throw new ConfigError(
      `TRUST_ROOT: ${TRUST_ROOT} names no log, and production takes none without: make one with \`strongroom trust init\`, or set NODE_ENV=development for a trial`,
    );
  return trustRoot;
}

function parsed(file: string, text: string): TrustRoot {
  try {
    return parseTrustRoot(text);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new ConfigError(`TRUST_ROOT: ${file} is no trust root: ${cause.message}`, { cause });
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new ConfigError(`TRUST_ROOT: ${reason}; \`strongroom trust init\` makes one`, { cause });
  }
}
