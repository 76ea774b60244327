import type { Stretcher } from './stretcher.js';
import { workerStretcher, type StretchWorker } from './worker-stretcher.js';

/** Argon2id in a Web Worker. Bundlers recognise the `new Worker(new URL(..))` form and emit the worker as a file of its own. */
export function webWorkerStretcher(
  makeWorker: () => Worker = () => new Worker(new URL('./argon2-web-worker.js', import.meta.url), { type: 'module' }),
): Stretcher {
  return workerStretcher(() => adapt(makeWorker()));
}

function adapt(worker: Worker): StretchWorker {
  return {
    post: (job) => worker.postMessage(job, [job.input.buffer]),
    onAnswer: (listener) => worker.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    onFailure: (listener) => worker.addEventListener('error', (event) => listener(event.message)),
    terminate: () => worker.terminate(),
  };
}
