import { describe, expect, it } from '@jest/globals';
import { argon2Sync } from 'node:crypto';
import { workerThreadStretcher } from '../node/worker-thread-stretcher.js';
import { runArgon2Job } from './argon2-job.js';
import { webWorkerStretcher } from './web-worker-stretcher.js';

const COST = { kind: 'argon2id', memoryKib: 64, iterations: 2, parallelism: 1 } as const;
const input = (): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => i);
const never = (): AbortSignal => new AbortController().signal;

function expected(): string {
  const options = { message: input(), nonce: new Uint8Array(16), parallelism: 1, tagLength: 64, memory: 64, passes: 2 };
  return argon2Sync('argon2id', options).toString('hex');
}

/** Runs the real job behind the interface of a browser's Worker. */
class FakeWebWorker extends EventTarget {
  terminated = false;
  postMessage(message: unknown): void {
    void runArgon2Job(message).then((data) => this.dispatchEvent(new MessageEvent('message', { data })));
  }
  terminate(): void {
    this.terminated = true;
  }
}

describe('stretching', () => {
  it('in a worker thread gives what node:crypto gives', async () => {
    const output = await workerThreadStretcher().argon2id(input(), COST, never());
    expect(Buffer.from(output).toString('hex')).toBe(expected());
  });

  it('in a web worker gives the same and ends the worker', async () => {
    const worker = new FakeWebWorker();
    const stretcher = webWorkerStretcher(() => worker);
    const output = await stretcher.argon2id(input(), COST, never());
    expect(Buffer.from(output).toString('hex')).toBe(expected());
    expect(worker.terminated).toBe(true);
  });

  it('leaves the input to its owner', async () => {
    const mine = input();
    await workerThreadStretcher().argon2id(mine, COST, never());
    expect(mine).toEqual(input());
  });

  it('refuses a cost out of range without repeating the input', async () => {
    await expect(workerThreadStretcher().argon2id(input(), { ...COST, memoryKib: 1 }, never())).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await runArgon2Job({ ...COST, input: input(), memoryKib: 2 ** 30 })).toEqual({ error: 'bad cost: memoryKib' });
  });

  it('stops with the reason of an abort', async () => {
    const controller = new AbortController();
    const running = workerThreadStretcher().argon2id(input(), { ...COST, memoryKib: 65_536, iterations: 16 }, controller.signal);
    controller.abort(new Error('changed my mind'));
    await expect(running).rejects.toThrow('changed my mind');
  });

  it('wipes the copy that the worker was given', async () => {
    const copy = input();
    await runArgon2Job({ input: copy, ...COST });
    expect(copy.every((byte) => byte === 0)).toBe(true);
  });
});
