import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { BUS_USERS, type BusUser } from '@strongroom/contracts';

/** The public nkey (`U…`, 56 characters) of each user. */
export type BusPublicKeys = ReadonlyMap<BusUser, string>;

/** Where the seed of a user lies, as NATS_NKEY_FILE takes it. */
export function busKeyFile(folder: string, user: BusUser): string {
  return join(folder, user, 'nkey');
}

/** An nkey for every user of the bus, in a folder of its own each, the seed readable by its owner alone. What exists is kept. */
export function makeBusKeys(folder: string): BusPublicKeys {
  return new Map(BUS_USERS.map((user) => [user, publicKeyIn(folder, user)]));
}

function publicKeyIn(folder: string, user: BusUser): string {
  const file = busKeyFile(folder, user);
  if (!existsSync(file)) {
    mkdirSync(join(folder, user), { recursive: true, mode: 0o700 });
    const fresh = nkeys.createUser();
    writeFileSync(file, fresh.getSeed(), { mode: 0o600, flag: 'wx', flush: true });
    fresh.clear();
  }
  const kept = nkeys.fromSeed(readFileSync(file));
  const publicKey = kept.getPublicKey();
  kept.clear();
  return publicKey;
}
