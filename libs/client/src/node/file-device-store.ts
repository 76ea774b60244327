import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeviceStore } from '../device/device-store.js';

/** One file per name in a directory of its own (0700, files 0600); written beside, flushed, then renamed. */
export class FileDeviceStore extends DeviceStore {
  constructor(private readonly directory: string) {
    super();
  }

  override async read(name: string): Promise<string | null> {
    try {
      return await readFile(this.pathOf(name), 'utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  override async write(name: string, text: string): Promise<void> {
    const path = this.pathOf(name);
    const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await this.flushDirectory();
  }

  override async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
    await this.flushDirectory();
  }

  private pathOf(name: string): string {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new RangeError('a name has lower-case letters, digits, dots and hyphens');
    return join(this.directory, name);
  }

  /** The rename itself must survive a crash too. */
  private async flushDirectory(): Promise<void> {
    try {
      const directory = await open(this.directory, 'r');
      await directory.sync().finally(() => directory.close());
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
