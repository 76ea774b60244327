import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSigningKey, FolderLock, openSigningKey, type Log } from '@strongroom/platform';
import { makeCosignerVkey, type CosignerVkey, type Vkey } from '@strongroom/transparency';
import { FolderDisk } from '../disk/folder-disk.js';
import type { Route } from '../serve/route.js';
import { witnessRoute } from './witness-route.js';
import { WitnessFiles } from './witness.files.js';
import { Witness } from './witness.js';

export interface WitnessPlace {
  /** `signing-key`, `lock` and `cosigned/`. */
  readonly folder: string;
  readonly name: string;
  readonly logs: readonly Vkey[];
  readonly nowMs: () => number;
  readonly log: Log;
}

/** A witness on a folder that one process has at a time: two would each forget what the other cosigned. */
export class OpenWitness {
  private constructor(
    readonly witness: Witness,
    private readonly lock: FolderLock,
    private readonly log: Log,
  ) {}

  /** @throws CONFLICT when another process has the folder; Error when it has no key */
  static async open({ folder, name, logs, nowMs, log }: WitnessPlace): Promise<OpenWitness> {
    const signer = await openSigningKey(folder);
    const lock = FolderLock.take(folder);
    const store = new WitnessFiles(await FolderDisk.open(join(folder, 'cosigned')));
    return new OpenWitness(new Witness({ name, signer, logs, store, nowMs }), lock, log);
  }

  /** @param prefix with a slash at both ends */
  route(prefix: string): Route {
    return witnessRoute(prefix, this.witness, (reason, submission) => {
      // May prove that the log forked: the whole submission belongs to the evidence, and all of it is public.
      this.log.error({ event: 'witness.refused-signed-checkpoint', reason, submission });
    });
  }

  close(): void {
    this.lock.release();
  }
}

/** Makes the key of a witness unless it exists. */
export async function createWitnessKey(folder: string, name: string): Promise<CosignerVkey> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return makeCosignerVkey(name, (await createSigningKey(folder)).publicKey);
}
