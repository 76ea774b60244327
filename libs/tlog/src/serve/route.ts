/** What a public door needs of a request. */
export type PublicRequest = {
  readonly method: string;
  /** As it was sent, without the query; never decoded, so that no name stands for another. */
  readonly path: string;
  /** `Accept-Encoding` names gzip. */
  readonly takesGzip: boolean;
  /** @throws TooLarge */
  body(maxBytes: number): Promise<Uint8Array>;
};

export type PublicAnswer = {
  readonly status: number;
  readonly body: Uint8Array | string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Answers what it knows, `undefined` for paths that are none of its own. */
export type Route = (request: PublicRequest) => Promise<PublicAnswer | undefined>;

/** A body longer than any honest one. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

export function plain(status: number, text: string): PublicAnswer {
  return { status, body: text, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } };
}
