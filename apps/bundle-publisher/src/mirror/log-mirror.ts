import { join } from 'node:path';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { FolderLock, type Log } from '@strongroom/platform';
import { FolderDisk, HttpSource, logName, logRoute, Mirror, type Route } from '@strongroom/tlog';
import type { Vkey } from '@strongroom/transparency';

export interface LogMirrorOptions {
  readonly folder: string;
  /** URL prefix of the log. */
  readonly url: string;
  readonly vkey: Vkey;
  readonly everyMs: number;
  readonly log: Log;
}

/** The operator's own copy of the auditor's log: what disappears there stays here, and a second tree is seen at once. */
export class LogMirror implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private isTrue = true;

  private constructor(
    private readonly options: LogMirrorOptions,
    private readonly mirror: Mirror,
    private readonly lock: FolderLock,
  ) {}

  static async open(options: LogMirrorOptions): Promise<LogMirror> {
    const { folder, url, vkey } = options;
    const disk = await FolderDisk.open(join(folder, logName(vkey.name)));
    return new LogMirror(options, new Mirror(disk, new HttpSource(url), vkey), FolderLock.take(folder));
  }

  /** Whether the log never contradicted what was copied before. */
  get isWell(): boolean {
    return this.isTrue;
  }

  /** The same paths as the log's own. */
  get route(): Route {
    return logRoute(`/${logName(this.options.vkey.name)}/`, this.mirror.source);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sync(), this.options.everyMs);
    this.timer.unref();
    this.sync();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.underWay;
    this.lock.release();
  }

  /** A copy that takes longer than the interval is not begun twice. */
  private sync(): void {
    this.underWay ??= this.copy().finally(() => (this.underWay = undefined));
  }

  private async copy(): Promise<void> {
    const { log, url } = this.options;
    try {
      const result = await this.mirror.sync();
      if (result.outcome === 'copied') log.info({ event: 'mirror.copied', size: result.size });
      if (result.outcome === 'behind') log.warn({ event: 'mirror.ahead-of-its-log', size: result.size });
      if (result.outcome !== 'diverged') return;
      this.isTrue = false;
      log.error({ event: 'mirror.log-diverged', size: result.size, reason: result.reason });
    } catch (error) {
      log.warn({ event: 'mirror.waiting', url, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
