import { VaultError } from '@strongroom/protocol';

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Requests that wait for something to happen under a name, each with its own deadline. */
export class Waiters<T> {
  private readonly waiting = new Map<string, Set<Waiter<T>>>();

  /** @throws FLEET_UNAVAILABLE when nothing happened within `timeoutMs` */
  wait(name: string, timeoutMs: number, missing: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = {
        resolve,
        reject,
        timer: setTimeout(() => {
          this.remove(name, waiter);
          reject(new VaultError('FLEET_UNAVAILABLE', missing));
        }, timeoutMs),
      };
      const others = this.waiting.get(name);
      if (others === undefined) this.waiting.set(name, new Set([waiter]));
      else others.add(waiter);
    });
  }

  resolve(name: string, value: T): void {
    for (const waiter of this.take(name)) waiter.resolve(value);
  }

  reject(name: string, error: Error): void {
    for (const waiter of this.take(name)) waiter.reject(error);
  }

  rejectAll(error: Error): void {
    for (const name of [...this.waiting.keys()]) this.reject(name, error);
  }

  has(name: string): boolean {
    return this.waiting.has(name);
  }

  private take(name: string): readonly Waiter<T>[] {
    const waiters = [...(this.waiting.get(name) ?? [])];
    this.waiting.delete(name);
    for (const { timer } of waiters) clearTimeout(timer);
    return waiters;
  }

  private remove(name: string, waiter: Waiter<T>): void {
    const others = this.waiting.get(name);
    others?.delete(waiter);
    if (others?.size === 0) this.waiting.delete(name);
  }
}
