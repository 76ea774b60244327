import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Disk } from './disk.js';

/** Files that anybody may read: what lies here is public. */
const PUBLIC_FILE = 0o644;
const PUBLIC_FOLDER = 0o755;

/** A folder of the real file system. */
export class FolderDisk extends Disk {
  private constructor(readonly folder: string) {
    super();
  }

  /** Makes the folder unless it exists, durably in its parent. */
  static async open(folder: string): Promise<FolderDisk> {
    await mkdir(folder, { recursive: true, mode: PUBLIC_FOLDER });
    const disk = new FolderDisk(folder);
    await disk.flush('..', 'r');
    return disk;
  }

  /** A folder to read from, which may be missing. */
  static existing(folder: string): FolderDisk {
    return new FolderDisk(folder);
  }

  override async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.at(path));
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
      throw error;
    }
  }

  override write(path: string, bytes: Uint8Array): Promise<void> {
    return writeFile(this.at(path), bytes, { mode: PUBLIC_FILE });
  }

  override sync(path: string): Promise<void> {
    return this.flush(path, 'r+');
  }

  override rename(from: string, to: string): Promise<void> {
    return rename(this.at(from), this.at(to));
  }

  override async makeFolder(path: string): Promise<void> {
    try {
      await mkdir(this.at(path), { mode: PUBLIC_FOLDER });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }

  override syncFolder(path: string): Promise<void> {
    return this.flush(path, 'r');
  }

  override removeFolder(path: string): Promise<void> {
    return rm(this.at(path), { recursive: true, force: true });
  }

  override async list(path: string): Promise<readonly string[]> {
    try {
      return await readdir(this.at(path));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  private at(path: string): string {
    return join(this.folder, path);
  }

  private async flush(path: string, flags: 'r' | 'r+'): Promise<void> {
    const handle = await open(this.at(path), flags);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.some((code) => code === error.code);
}
