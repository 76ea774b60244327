import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { FormatError, parseTilePath, type LogSource, type TilePath } from '@strongroom/transparency';
import { plain, type PublicAnswer, type PublicRequest, type Route } from './route.js';

const compress = promisify(gzip);
/** A tile under its path never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * A log's files under C2SP tlog-tiles: `<prefix>checkpoint`, `<prefix>tile/…`, `<prefix>tile/entries/…`.
 * Only a path in its one form reaches the files.
 * @param prefix with a slash at both ends
 */
export function logRoute(prefix: string, source: LogSource): Route {
  return async (request) => {
    if (!request.path.startsWith(prefix)) return undefined;
    const name = request.path.slice(prefix.length);
    const tile = name === 'checkpoint' ? undefined : tilePathOf(name);
    if (name !== 'checkpoint' && !tile) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'GET only\n');
    return tile ? tileAnswer(request, tile, await source.file(name)) : checkpointAnswer(await source.checkpoint());
  };
}

function checkpointAnswer(note: Uint8Array | undefined): PublicAnswer {
  if (!note) return plain(404, 'no checkpoint yet\n');
  return { status: 200, body: note, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' } };
}

async function tileAnswer({ takesGzip }: PublicRequest, { level }: TilePath, bytes: Uint8Array | undefined): Promise<PublicAnswer> {
  // Not cached: a tile that is not there yet may be there soon.
  if (!bytes) return plain(404, 'no such tile\n');
  const headers = { 'content-type': 'application/octet-stream', 'cache-control': FOR_EVER };
  if (level !== 'entries') return { status: 200, body: bytes, headers };
  // Hashes do not shrink, entries do.
  const varied = { ...headers, vary: 'accept-encoding' };
  if (!takesGzip) return { status: 200, body: bytes, headers: varied };
  return { status: 200, body: await compress(bytes), headers: { ...varied, 'content-encoding': 'gzip' } };
}

function tilePathOf(name: string): TilePath | undefined {
  try {
    return parseTilePath(name);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
