/** Bytes as they come: a Web stream, a Node stream, or anything that can be iterated. */
export type ByteSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * The source as a Web stream that reads only as fast as its consumer takes. When the signal is aborted the stream fails
 * with the signal's reason at once and lets go of the source.
 */
export function webStreamOf(source: ByteSource, signal?: AbortSignal): ReadableStream<Uint8Array> {
  const iterator = iterated(source)[Symbol.asyncIterator]();
  let stopped = (): void => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (!signal) return;
        const stop = (): void => {
          controller.error(signal.reason);
          void Promise.resolve(iterator.return(undefined)).catch(() => undefined); // whoever reads has the reason already
        };
        stopped = () => signal.removeEventListener('abort', stop);
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      },
      async pull(controller) {
        const next = await iterator.next();
        if (signal?.aborted) return;
        if (!next.done) {
          controller.enqueue(next.value);
          return;
        }
        stopped();
        controller.close();
      },
      async cancel() {
        stopped();
        await iterator.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Not every browser's streams can be iterated. */
export async function* iterated(source: ByteSource): AsyncGenerator<Uint8Array, undefined> {
  if (!(source instanceof ReadableStream)) {
    yield* source;
    return;
  }
  const reader = source.getReader();
  let ended = false;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined); // the stream failed already; its own error is on its way
  }
}
