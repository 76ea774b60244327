import { runArgon2Job } from './argon2-job.js';

/** Entry of the Web Worker: one job, one answer; whoever started it ends it. */
globalThis.addEventListener(
  'message',
  (event: MessageEvent<unknown>) => {
    void runArgon2Job(event.data).then((answer) => globalThis.postMessage(answer));
  },
  { once: true },
);
