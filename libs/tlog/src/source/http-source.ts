import { FetchedSource } from '@strongroom/transparency';

/** A log at its URL prefix, asked with Node's own fetch. */
export class HttpSource extends FetchedSource {
  /** @param url with or without a slash at its end */
  constructor(url: string, signal?: AbortSignal) {
    super(url, fetch, signal);
  }
}
