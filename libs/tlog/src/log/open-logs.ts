import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLock } from '@strongroom/platform';
import type { Ed25519Signer, Vkey } from '@strongroom/transparency';
import { FolderDisk } from '../disk/folder-disk.js';
import { logRoute } from '../serve/log-route.js';
import type { Route } from '../serve/route.js';
import { DiskSource } from '../source/disk-source.js';
import { logName } from './log-name.js';
import { LogQueue } from './log-queue.js';
import { LogWriter } from './log-writer.js';

export type LogKey = { /** Its name is the origin. */ readonly vkey: Vkey; readonly signer: Ed25519Signer };

/** The logs of one folder, which one process has at a time: each in a folder of its own, under the last part of its origin. */
export class OpenLogs {
  private constructor(
    private readonly lock: FolderLock,
    private readonly logs: ReadonlyMap<string, { readonly queue: LogQueue; readonly disk: FolderDisk }>,
  ) {}

  /** @throws CONFLICT when another process has the folder; INTERNAL when a log cannot go on */
  static async open(folder: string, keys: readonly LogKey[], onGrown: (origin: string) => void): Promise<OpenLogs> {
    mkdirSync(folder, { recursive: true });
    const lock = FolderLock.take(folder);
    try {
      const logs = new Map<string, { queue: LogQueue; disk: FolderDisk }>();
      for (const { vkey, signer } of keys) {
        const disk = await FolderDisk.open(join(folder, logName(vkey.name)));
        const writer = await LogWriter.open(disk, vkey, signer);
        logs.set(vkey.name, { disk, queue: new LogQueue(writer, () => onGrown(vkey.name)) });
      }
      return new OpenLogs(lock, logs);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** @throws Error for an origin that was not opened */
  queue(origin: string): LogQueue {
    const log = this.logs.get(origin);
    if (!log) throw new Error(`no log ${origin} was opened`);
    return log.queue;
  }

  get isWell(): boolean {
    return [...this.logs.values()].every(({ queue }) => queue.isWell);
  }

  /** `/<name>/checkpoint` and tiles of each log. */
  routes(): readonly Route[] {
    return [...this.logs].map(([origin, { disk }]) => logRoute(`/${logName(origin)}/`, new DiskSource(disk)));
  }

  async close(): Promise<void> {
    for (const { queue } of this.logs.values()) await queue.settled();
    this.lock.release();
  }
}
