import { EventQueue, type Life, type SimEvent } from './event-queue.js';
import { installTimers } from './virtual-timers.js';

const START_MS = 1_800_000_000_000;
/** Resolves when all promises that could go on have gone on: nothing in a simulated fleet waits for anything real. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What happens outside of every process: the driver, the network. */
export const WORLD: Life = { alive: true, name: 'world' };

/**
 * The one clock and the one order of events. An event belongs to one life; whatever it sets off belongs to the same,
 * because everything runs in one thread and each event is worked off in full before the next.
 */
export class SimTime {
  nowMs = START_MS;
  steps = 0;
  current: Life = WORLD;
  /** Called before each event, for the trace. */
  onEvent: (event: SimEvent) => void = () => undefined;
  private readonly queue = new EventQueue();
  private order = 0;
  private readonly uninstall: () => void;

  /** @param afterStep called after each event; what it throws ends the run */
  constructor(private readonly afterStep: () => void) {
    this.uninstall = installTimers(this);
  }

  get elapsedMs(): number {
    return this.nowMs - START_MS;
  }

  after(ms: number, life: Life, name: string, run: () => void): SimEvent {
    const event = { atMs: this.nowMs + Math.max(0, ms), order: this.order++, life, name, run, cancelled: false };
    this.queue.push(event);
    return event;
  }

  /** Works off everything that happens within `ms`. */
  async runFor(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await this.runWhile((event) => event.atMs <= endMs);
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  /** Runs until `done`, at most `ms`. @returns whether it was done */
  async runUntil(done: () => boolean, ms: number): Promise<boolean> {
    const endMs = this.nowMs + ms;
    await this.runWhile((event) => !done() && event.atMs <= endMs);
    return done();
  }

  /** Much time passes at once: what was due meanwhile comes now, once. */
  jump(ms: number): void {
    this.nowMs += ms;
  }

  close(): void {
    this.uninstall();
  }

  private async runWhile(go: (event: SimEvent) => boolean): Promise<void> {
    await turn();
    for (let event = this.queue.peek(); event !== undefined && go(event); event = this.queue.peek()) {
      this.queue.pop();
      if (event.cancelled || !event.life.alive) continue;
      this.nowMs = Math.max(this.nowMs, event.atMs);
      this.steps += 1;
      this.current = event.life;
      this.onEvent(event);
      event.run();
      await turn();
      this.current = WORLD;
      this.afterStep();
    }
  }
}
