import { Worker } from 'node:worker_threads';
import type { Stretcher } from '../stretch/stretcher.js';
import { workerStretcher } from '../stretch/worker-stretcher.js';

/** Argon2id in a worker thread of Node. The thread inherits neither the environment nor the arguments of the process. */
export function workerThreadStretcher(): Stretcher {
  return workerStretcher(() => {
    const worker = new Worker(new URL('./argon2-worker.js', import.meta.url), { env: {}, argv: [], execArgv: [] });
    return {
      post: (job) => worker.postMessage(job, [job.input.buffer]),
      onAnswer: (listener) => worker.once('message', listener),
      onFailure: (listener) => {
        worker.once('error', (error: unknown) => listener(error instanceof Error ? error.message : 'the thread failed'));
        worker.once('exit', (code) => listener(`the thread ended with code ${code}`));
      },
      terminate: () => void worker.terminate(),
    };
  });
}
