import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceExit, ServiceProcess } from '../process/service-process.js';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/** Starts a service again that ended without being asked to, after a delay that grows while its starts fail. */
export class Reviver {
  private readonly ending = new AbortController();
  private readonly reviving = new Set<ServiceProcess>();

  constructor(private readonly progress: (line: string) => void) {}

  watch(service: ServiceProcess): void {
    service.onExit((exit) => {
      // While a start is under way its own failure says so.
      if (!exit.expected && !this.reviving.has(service)) void this.revive(service, exit);
    });
  }

  stop(): Promise<void> {
    this.ending.abort();
    return Promise.resolve();
  }

  private async revive(service: ServiceProcess, { code, signal }: ServiceExit): Promise<void> {
    this.progress(`${service.name} ended with ${signal ?? `code ${code}`}; starting it again`);
    this.reviving.add(service);
    try {
      for (let delayMs = FIRST_DELAY_MS; !service.isRunning; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
        if (!(await this.pause(delayMs))) return;
        if (!service.isRunning) await this.start(service);
      }
    } finally {
      this.reviving.delete(service);
    }
  }

  private async start(service: ServiceProcess): Promise<void> {
    try {
      await service.start();
      this.progress(`${service.name} runs again`);
    } catch (error) {
      this.progress(error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error));
    }
  }

  /** False when the stack ends meanwhile. */
  private async pause(ms: number): Promise<boolean> {
    if (this.ending.signal.aborted) return false;
    return delay(ms, true, { signal: this.ending.signal }).catch(() => false);
  }
}
