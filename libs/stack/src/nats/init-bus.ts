import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeBusKeys, type BusPublicKeys } from './bus-keys.js';
import { busAuthorization } from './nats-config.js';

export interface BusPlaces {
  /** Gets a folder for each user, with its seed in `nkey`. */
  readonly keysDir: string;
  /** What a nats-server's configuration includes: users by public key, with their permissions. No secret. */
  readonly usersFile: string;
}

/** Makes the users of a bus that runs elsewhere. Keys that exist are kept; the permissions are written as they are now. */
export async function initBus({ keysDir, usersFile }: BusPlaces): Promise<BusPublicKeys> {
  const keys = makeBusKeys(keysDir);
  await mkdir(dirname(usersFile), { recursive: true });
  const draft = `${usersFile}.new`;
  await writeFile(draft, busAuthorization(keys), { mode: 0o644, flush: true });
  await rename(draft, usersFile);
  return keys;
}
