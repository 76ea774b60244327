import { freePort, isFree } from '@strongroom/stack';

/** The port if nobody listens there on 127.0.0.1, else a free one. */
export async function preferredPort(port: number): Promise<number> {
  return (await isFree(port)) ? port : freePort();
}
