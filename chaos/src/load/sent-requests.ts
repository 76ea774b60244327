import type { Fetch } from '@strongroom/client';
import { z } from 'zod';

const withEntry = z.object({ entry: z.object({ core: z.string() }) });
const CONFIRM = /^\/v1\/attempts\/[0-9a-f]{64}\/confirm$/;

/** What one call of a client sent to the gateway: seen here, because the client's answer does not tell. */
export class SentRequests {
  private readonly cores = new Set<string>();
  private confirmedOne = false;

  /** Passes requests on and takes note of them. */
  readonly fetch: Fetch = (url, init) => {
    const { pathname } = new URL(url);
    if (CONFIRM.test(pathname)) this.confirmedOne = true;
    else if (typeof init.body === 'string') {
      const sent = withEntry.safeParse(JSON.parse(init.body));
      if (sent.success) this.cores.add(sent.data.entry.core);
    }
    return fetch(url, init);
  };

  /** Before the next call. */
  forget(): void {
    this.cores.clear();
    this.confirmedOne = false;
  }

  /** Different ones: the same entry sent again is one. */
  get entries(): number {
    return this.cores.size;
  }

  get confirmed(): boolean {
    return this.confirmedOne;
  }
}
