import { VaultError, type Argon2idCost, type Bytes } from '@strongroom/protocol';
import { argon2Answer } from './argon2-job.js';
import type { Stretcher } from './stretcher.js';

/** One started worker, of a browser or of Node. */
export interface StretchWorker {
  /** Sends the one job; `input`'s buffer moves to the worker and is empty here afterwards. */
  post(job: Argon2idCost & { readonly input: Uint8Array<ArrayBuffer> }): void;
  onAnswer(listener: (message: unknown) => void): void;
  onFailure(listener: (reason: string) => void): void;
  /** Ends the worker and gives its memory, with all that it derived, back to the system. */
  terminate(): void;
}

/** A stretcher that starts a fresh worker for each run and ends it right after. */
export function workerStretcher(start: () => StretchWorker): Stretcher {
  return {
    async argon2id(input, cost, signal) {
      signal.throwIfAborted();
      const worker = start();
      let stop: (() => void) | undefined;
      try {
        return await new Promise<Bytes>((resolve, reject) => {
          stop = () => reject(signal.reason);
          signal.addEventListener('abort', stop, { once: true });
          worker.onAnswer((message) => {
            const answer = argon2Answer.safeParse(message);
            if (answer.success && 'output' in answer.data) resolve(answer.data.output);
            else reject(failure(answer.success && 'error' in answer.data ? answer.data.error : 'answered nonsense'));
          });
          worker.onFailure((reason) => reject(failure(reason)));
          worker.post({ ...cost, input: Uint8Array.from(input) });
        });
      } finally {
        if (stop) signal.removeEventListener('abort', stop);
        worker.terminate();
      }
    },
  };
}

function failure(reason: string): VaultError {
  return new VaultError('INTERNAL', `key stretching failed: ${reason}`);
}
