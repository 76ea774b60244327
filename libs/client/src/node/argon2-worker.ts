import { parentPort } from 'node:worker_threads';
import { runArgon2Job } from '../stretch/argon2-job.js';

/** Entry of the worker thread: one job, one answer; whoever started it ends it. */
parentPort?.once('message', (message: unknown) => {
  void runArgon2Job(message).then((answer) => parentPort?.postMessage(answer));
});
