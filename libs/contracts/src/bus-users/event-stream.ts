/** The JetStream stream that keeps events for a while, where the server has JetStream. */
export const EVENT_STREAM = 'STRONGROOM_EVENTS';
/** The stream that keeps the notices of nodes until their webhooks are given up: what a gateway that starts again makes good. */
export const NOTICE_STREAM = 'STRONGROOM_NOTICES';
/** How long a notice counts, and is kept. */
export const NOTICE_KEPT_MS: number = 60 * 60_000;

/** Subjects of the server's API (NATS ADR-1, ADR-31) that whoever keeps a stream needs, and whoever only reads it. */
export interface StreamApi {
  readonly create: string;
  readonly update: string;
  readonly info: string;
  /** Reads single messages. Consumers are kept from readers: one could have the server deliver messages to any subject. */
  readonly get: string;
}

export const EVENT_STREAM_API: StreamApi = apiOf(EVENT_STREAM);
export const NOTICE_STREAM_API: StreamApi = apiOf(NOTICE_STREAM);

function apiOf(stream: string): StreamApi {
  return {
    create: `$JS.API.STREAM.CREATE.${stream}`,
    update: `$JS.API.STREAM.UPDATE.${stream}`,
    info: `$JS.API.STREAM.INFO.${stream}`,
    get: `$JS.API.DIRECT.GET.${stream}`,
  };
}
