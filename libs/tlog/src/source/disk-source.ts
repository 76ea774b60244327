import type { Disk } from '../disk/disk.js';
import { LogSource } from '@strongroom/transparency';

/** The files of a log on a disk of this machine. */
export class DiskSource extends LogSource {
  constructor(private readonly disk: Pick<Disk, 'read'>) {
    super();
  }

  override checkpoint(): Promise<Uint8Array | undefined> {
    return this.disk.read('checkpoint');
  }

  override file(path: string): Promise<Uint8Array | undefined> {
    return this.disk.read(path);
  }
}
