import type { Fetch } from '@strongroom/client';

/** A gateway that changes what it carries. */
export interface Alterations {
  /** Sees every request before it goes on; `lose` drops it unsent. */
  readonly request?: (path: string, body: unknown) => 'lose' | undefined;
  /** Replaces a successful answer. */
  readonly answer?: (path: string, body: unknown) => unknown;
}

export function alteringFetch({ request, answer }: Alterations): Fetch {
  return async (url, init) => {
    const path = new URL(url).pathname;
    const sent: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    if (request?.(path, sent) === 'lose') throw new TypeError('fetch failed');
    const response = await fetch(url, init);
    if (answer === undefined || !response.ok) return response;
    return new Response(JSON.stringify(answer(path, await response.json())), {
      status: response.status,
      headers: { 'content-type': 'application/json' },
    });
  };
}
