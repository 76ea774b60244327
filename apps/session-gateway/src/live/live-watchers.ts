import { Readable } from 'node:stream';
import { VaultError } from '@strongroom/protocol';

/** At one gateway; each costs an open connection. */
export const MAX_WATCHERS = 64;
/** What may wait for a slow reader, in bytes; one that falls behind further is let go and may come again. */
export const MAX_BACKLOG_BYTES = 256 * 1024;
/** Longest watch; a reader comes again with a token that is checked again. */
export const MAX_WATCH_MS = 15 * 60_000;
const COME_AGAIN_MS = 10_000;

interface Watcher {
  readonly stream: Readable;
  readonly untilMs: number;
}

/** Everybody who watches: the same text to each, nobody can hold another up. */
export class LiveWatchers {
  private readonly watchers = new Set<Watcher>();

  get count(): number {
    return this.watchers.size;
  }

  /** @param expiresAtMs of the reader's token @throws RATE_LIMITED when too many watch */
  add(nowMs: number, expiresAtMs: number): Readable {
    if (this.watchers.size >= MAX_WATCHERS) {
      throw new VaultError('RATE_LIMITED', 'too many watch this gateway', { retryAtMs: nowMs + COME_AGAIN_MS });
    }
    const stream = new Readable({ read: () => undefined });
    const watcher = { stream, untilMs: Math.min(expiresAtMs, nowMs + MAX_WATCH_MS) };
    this.watchers.add(watcher);
    stream.once('close', () => this.watchers.delete(watcher));
    return stream;
  }

  /** One server-sent event to everybody. */
  send(name: string, data: unknown): void {
    // JSON has no line feed of its own, so one line is one event whatever is in it.
    const text = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const { stream } of this.watchers) {
      stream.push(text);
      if (stream.readableLength > MAX_BACKLOG_BYTES) stream.destroy();
    }
  }

  /** Ends the watches whose time is over. */
  endOverdue(nowMs: number): void {
    for (const watcher of this.watchers) if (nowMs >= watcher.untilMs) this.end(watcher);
  }

  endAll(): void {
    for (const watcher of this.watchers) this.end(watcher);
  }

  private end(watcher: Watcher): void {
    this.watchers.delete(watcher);
    watcher.stream.push(null);
  }
}
