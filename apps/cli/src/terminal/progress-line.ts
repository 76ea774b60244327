import type { Terminal } from './terminal.js';

const REDRAW_MS = 100;

/** A progress callback that redraws at most ten times a second: `what 12.3 of 40.0 MB (31 %)`. */
export function byteProgress(terminal: Terminal, what: string, nowMs: () => number): (done: number, total: number) => void {
  let drawnAt = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    if (nowMs() - drawnAt < REDRAW_MS) return;
    drawnAt = nowMs();
    const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0;
    terminal.progress(`${what} ${formatBytes(done)} of ${formatBytes(total)} (${percent} %)`);
  };
}

/** Decimal units, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'] as const;
  const step = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** step).toFixed(1)} ${units[step - 1] ?? ''}`;
}
