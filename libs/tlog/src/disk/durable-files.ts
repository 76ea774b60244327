import { VaultError } from '@strongroom/protocol';
import { sameBytes } from './same-bytes.js';
import type { Disk } from './disk.js';

export type NewFile = { readonly path: string; readonly bytes: Uint8Array };

/** Whole files on a disk: after a crash a path holds the old bytes or the new ones, and what was reported as put is there. */
export class DurableFiles {
  /** Folders whose own names were made durable since this process began. */
  private readonly lasting = new Set<string>();

  constructor(readonly disk: Disk) {}

  read(path: string): Promise<Uint8Array | undefined> {
    return this.disk.read(path);
  }

  /** Puts or replaces files, in no order among them, all durable when it returns. */
  async put(files: readonly NewFile[]): Promise<void> {
    const folders = new Set<string>();
    for (const { path, bytes } of files) {
      const folder = folderOf(path);
      await this.ensureFolder(folder);
      const unfinished = `${path}.unfinished`;
      await this.disk.write(unfinished, bytes);
      await this.disk.sync(unfinished);
      await this.disk.rename(unfinished, path);
      folders.add(folder);
    }
    for (const folder of folders) await this.disk.syncFolder(folder);
  }

  /**
   * Puts files that never change once they exist. One that exists is made durable again: the process that put it may
   * have ended before it was.
   * @throws INTERNAL when a path holds other bytes: somebody may have read those
   */
  async putOnce(files: readonly NewFile[]): Promise<void> {
    for (const { path, bytes } of files) {
      const kept = await this.disk.read(path);
      if (kept && !sameBytes(kept, bytes)) throw new VaultError('INTERNAL', `${path} exists with other bytes`, { path });
    }
    await this.put(files);
  }

  private async ensureFolder(folder: string): Promise<void> {
    if (folder === '' || this.lasting.has(folder)) return;
    const parent = folderOf(folder);
    await this.ensureFolder(parent);
    await this.disk.makeFolder(folder);
    await this.disk.syncFolder(parent);
    this.lasting.add(folder);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
