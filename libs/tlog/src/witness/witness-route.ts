import { FormatError, originHash } from '@strongroom/transparency';
import { plain, type PublicAnswer, type Route } from '../serve/route.js';
import { Refused } from './judge.js';
import { parseSubmission } from './submission.js';
import type { Witness } from './witness.js';

/** A checkpoint with 32 signatures and 63 hashes is shorter. */
const MAX_BODY_BYTES = 64 * 1024;

/** Told of what was refused although its log signed it: that may prove a fork. */
export type OnSuspicion = (reason: string, submission: string) => void;

/**
 * `POST <prefix>add-checkpoint`, and `GET <prefix><origin hash>/checkpoint` for monitors.
 * @param prefix with a slash at both ends
 */
export function witnessRoute(prefix: string, witness: Witness, onSuspicion: OnSuspicion = () => undefined): Route {
  const origins = new Map(witness.origins.map((origin) => [`${originHash(origin)}/checkpoint`, origin]));
  return async (request) => {
    if (!request.path.startsWith(prefix)) return undefined;
    const name = request.path.slice(prefix.length);
    if (name === 'add-checkpoint') {
      if (request.method !== 'POST') return plain(405, 'POST only\n');
      const body = await request.body(MAX_BODY_BYTES);
      return added(witness, Buffer.from(body).toString('utf8'), onSuspicion);
    }
    const origin = origins.get(name);
    if (origin === undefined) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'GET only\n');
    const note = await witness.cosigned(origin);
    return note === undefined ? plain(404, 'nothing cosigned yet\n') : { ...plain(200, note), headers: TEXT };
  };
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };

async function added(witness: Witness, body: string, onSuspicion: OnSuspicion): Promise<PublicAnswer> {
  try {
    return plain(200, await witness.addCheckpoint(parseSubmission(body)));
  } catch (error) {
    if (error instanceof FormatError) return plain(400, `${error.message}\n`);
    if (!(error instanceof Refused)) throw error;
    if (error.status === 422) onSuspicion(error.message, body);
    if (error.size === undefined) return plain(error.status, `${error.message}\n`);
    return { status: 409, body: `${error.size}\n`, headers: { 'content-type': 'text/x.tlog.size', 'cache-control': 'no-store' } };
  }
}
