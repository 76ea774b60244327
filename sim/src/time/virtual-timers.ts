import type { SimEvent, Life } from './event-queue.js';

interface TimerHost {
  readonly current: Life;
  after(ms: number, life: Life, name: string, run: () => void): SimEvent;
}

type Callback = (...args: readonly unknown[]) => void;

/** What setTimeout gives: nodes only ever cancel and unref it. */
class VirtualTimer {
  event: SimEvent | null = null;
  cancelled = false;

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/**
 * Puts the simulated clock in the place of the global timers, which node code calls. A timer belongs to the life that
 * set it and ends with it. @returns takes it back
 */
export function installTimers(host: TimerHost): () => void {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  const start = (callback: Callback, ms: number, again: boolean, args: readonly unknown[]): VirtualTimer => {
    const timer = new VirtualTimer();
    const life = host.current;
    const arm = (): void => {
      timer.event = host.after(ms, life, again ? 'interval' : 'timer', () => {
        if (again && !timer.cancelled) arm();
        callback(...args);
      });
    };
    arm();
    return timer;
  };
  const stop = (timer: unknown): void => {
    if (!(timer instanceof VirtualTimer)) return;
    timer.cancelled = true;
    if (timer.event !== null) timer.event.cancelled = true;
  };
  Object.assign(globalThis, {
    setTimeout: (callback: Callback, ms = 0, ...args: readonly unknown[]) => start(callback, ms, false, args),
    setInterval: (callback: Callback, ms = 0, ...args: readonly unknown[]) => start(callback, ms, true, args),
    clearTimeout: stop,
    clearInterval: stop,
  });
  return () => void Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
}
