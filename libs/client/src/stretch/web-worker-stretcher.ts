import type { Stretcher } from './stretcher.js';
import { workerStretcher, type StretchWorker } from './worker-stretcher.js';

/** The part of a browser's Worker that is used. */
export interface WebWorker {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'error', listener: (event: Event) => void): void;
  terminate(): void;
}

/** Argon2id in a Web Worker. Bundlers recognise the `new Worker(new URL(..))` form and emit the worker as a file of its own. */
export function webWorkerStretcher(
  makeWorker: () => WebWorker = () => new Worker(new URL('./argon2-web-worker.js', import.meta.url), { type: 'module' }),
): Stretcher {
  return workerStretcher(() => adapt(makeWorker()));
}

function adapt(worker: WebWorker): StretchWorker {
  return {
    post: (job) => worker.postMessage(job, [job.input.buffer]),
    onAnswer: (listener) => worker.addEventListener('message', (event) => listener('data' in event ? event.data : undefined)),
    onFailure: (listener) => worker.addEventListener('error', (event) => listener(reasonOf(event))),
    terminate: () => worker.terminate(),
  };
}

function reasonOf(event: Event): string {
  return 'message' in event && typeof event.message === 'string' ? event.message : 'the worker failed';
}
