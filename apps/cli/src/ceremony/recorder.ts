import type { Fetch } from '@strongroom/client';
import { attemptRequest, attemptResponse, statusResponse } from '@strongroom/contracts';
import { equal, fromBase64url, parseRecord, parseVote, recordHash } from '@strongroom/protocol';
import type { CarriedStatement, KnownAttempt } from '@strongroom/transparency';

/**
 * Keeps what nodes signed while the SDK, the same that applications use, talks to them. The entry's token and signatures
 * and the log value, which has the token in it, are not kept.
 */
export class Recorder {
  attempt: KnownAttempt | undefined;
  views: readonly CarriedStatement[] = [];

  constructor(private readonly through: Fetch) {}

  readonly fetch: Fetch = async (url, init) => {
    const response = await this.through(url, init);
    if (!response.ok) return response;
    const text = await response.text();
    const { pathname } = new URL(url);
    if (pathname.endsWith('/v1/attempts')) this.keepAttempt(init.body, text);
    if (init.method === 'GET' && pathname.endsWith('/v1/records/me')) this.views = statusResponse.parse(JSON.parse(text)).statements;
    return new Response(text, { status: response.status, headers: response.headers });
  };

  private keepAttempt(body: RequestInit['body'], text: string): void {
    if (typeof body !== 'string') return;
    const { core } = attemptRequest.parse(JSON.parse(body)).entry;
    const { decided, record, evaluations } = attemptResponse.parse(JSON.parse(text));
    const hash = recordHash(parseRecord(fromBase64url(record, 'record')));
    // A node that lags names another record in its vote; those that count name this one.
    const votes = decided.votes.filter(({ statement }) => equal(parseVote(fromBase64url(statement, 'vote')).recordHash, hash));
    this.attempt = { core, evaluations, record, votes };
  }
}
