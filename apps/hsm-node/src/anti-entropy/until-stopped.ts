import { VaultError } from '@strongroom/protocol';

/** The work's value, unless the node stops first: it waits for no peer then. The work itself goes on and is not looked at. */
export function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new VaultError('FLEET_UNAVAILABLE', 'the node is stopping'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
