import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isSaid, type GeneratorResult, type Plan } from './messages.js';

export interface GeneratorEvents {
  readonly progress: (line: string) => void;
  readonly measuring: () => void;
  readonly measured: () => void;
  readonly signal: AbortSignal;
}

/** Runs the generator as another process to its end. @throws Error with its reason, or the signal's when it aborts */
export function runGenerator(plan: Plan, { progress, measuring, measured, signal }: GeneratorEvents): Promise<GeneratorResult> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise<GeneratorResult>((resolve, reject) => {
    const stop = (): void => {
      child.kill('SIGTERM');
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`the load generator ended without a result (code ${code ?? 'none'})`));
    });
    child.on('message', (said) => {
      if (!isSaid(said)) return;
      if (said.kind === 'progress') progress(said.line);
      else if (said.kind === 'measuring') measuring();
      else if (said.kind === 'measured') measured();
      else if (said.kind === 'failed') reject(new Error(said.reason));
      else resolve(said);
    });
    child.send({ ...plan });
  });
}
