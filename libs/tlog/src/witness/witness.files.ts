import { originHash } from '@strongroom/transparency';
import { DurableFiles } from '../disk/durable-files.js';
import type { Disk } from '../disk/disk.js';
import { WitnessStore } from './witness.store.js';

/** One file per log, under the path that monitors ask for. */
export class WitnessFiles extends WitnessStore {
  private readonly files: DurableFiles;

  constructor(disk: Disk) {
    super();
    this.files = new DurableFiles(disk);
  }

  override async load(origin: string): Promise<string | undefined> {
    const bytes = await this.files.read(`${originHash(origin)}/checkpoint`);
    return bytes && Buffer.from(bytes).toString('utf8');
  }

  override save(origin: string, note: string): Promise<void> {
    return this.files.put([{ path: `${originHash(origin)}/checkpoint`, bytes: Buffer.from(note) }]);
  }
}
