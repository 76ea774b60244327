import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../files/path-lookup.js';
import { unpackDebianPackage } from '../files/debian-package.js';

export interface NatsBinaryPlaces {
  /** PATH. */
  readonly path: string;
  /** Where a fetched server is kept for the next start. */
  readonly cacheDir: string;
  readonly progress: (line: string) => void;
}

/**
 * A nats-server: one installed on this machine, else Debian's package unpacked into the project's cache.
 * @throws Error that says what a person can do about it
 */
export async function findNatsServer({ path, cacheDir, progress }: NatsBinaryPlaces): Promise<string> {
  const installed = findProgram('nats-server', `${path}:/usr/sbin:/usr/local/sbin:/usr/local/bin`);
  if (installed !== undefined) return installed;
  const cached = binaryIn(join(cacheDir, 'nats-server'));
  if (existsSync(cached)) return cached;
  try {
    if (findProgram('apt-get', path) === undefined) throw new Error('this machine has no apt-get');
    progress("fetching nats-server (Debian's package, unpacked into .cache, once)");
    return binaryIn(await unpackDebianPackage('nats-server', cacheDir));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no nats-server: install one (https://nats.io) or set NATS_URL to a running one. ${reason}`, { cause });
  }
}

function binaryIn(folder: string): string {
  return join(folder, 'usr', 'sbin', 'nats-server');
}
