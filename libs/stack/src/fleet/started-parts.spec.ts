import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { StartedParts } from './started-parts.js';

interface Part {
  stop(): Promise<unknown>;
}

const never = new Promise<never>(() => undefined);

describe('what a start has brought up', () => {
  it('is stopped in the opposite order, also when one part cannot be', async () => {
    const parts = new StartedParts();
    const stopped: string[] = [];
    const part = (name: string): Part => ({ stop: () => Promise.resolve(void stopped.push(name)) });
    await parts.take('bus', Promise.resolve(part('bus')));
    parts.onStop(() => Promise.reject(new Error('stuck')));
    await parts.take('nodes', Promise.resolve(part('nodes')));
    await expect(parts.stop()).rejects.toThrow('not everything could be stopped');
    expect(stopped).toEqual(['nodes', 'bus']);
  });

  it('takes nothing up once it was stopped', async () => {
    const parts = new StartedParts();
    await parts.stop();
    expect(() => parts.onStop(() => Promise.resolve())).toThrow('the start was broken off');
  });

  it('is gone only when a part that was still starting is stopped too', async () => {
    const parts = new StartedParts();
    let ready: (part: Part) => void = () => undefined;
    let isStopped = false;
    const taken = parts.take('database', new Promise<Part>((resolve) => (ready = resolve)));
    const stopping = parts.stop();
    expect(await Promise.race([stopping.then(() => 'gone'), delay(20, 'waits')])).toBe('waits');
    ready({
      stop: async () => {
        await delay(20);
        isStopped = true;
      },
    });
    await expect(taken).rejects.toThrow('the start was broken off');
    await stopping;
    expect(isStopped).toBe(true);
  });

  it('does not wait for a part that failed to start', async () => {
    const parts = new StartedParts();
    const failed = parts.take('bus', Promise.reject(new Error('no server')));
    await expect(failed).rejects.toThrow('no server');
    await expect(Promise.race([parts.stop(), never])).resolves.toBeUndefined();
  });
});
