/** The JetStream stream that keeps events for a while, where the server has JetStream. */
export const EVENT_STREAM = 'STRONGROOM_EVENTS';

/** Subjects of the server's API (NATS ADR-1, ADR-31) that whoever keeps the stream needs, and whoever only reads it. */
export const EVENT_STREAM_API = {
  create: `$JS.API.STREAM.CREATE.${EVENT_STREAM}`,
  update: `$JS.API.STREAM.UPDATE.${EVENT_STREAM}`,
  info: `$JS.API.STREAM.INFO.${EVENT_STREAM}`,
  /** Reads single messages. Consumers are kept from observers: one could have the server deliver events to any subject. */
  get: `$JS.API.DIRECT.GET.${EVENT_STREAM}`,
} as const;
