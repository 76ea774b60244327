import type { CarriedStatement } from '@strongroom/transparency';
import type { SignedStatement } from '../batch/signed-statement.js';
import { fromBase64url } from '../encoding/bytes.js';

/** @throws REQUEST_INVALID when a text is not strict base64url */
export function toSigned(carried: CarriedStatement): SignedStatement {
  return {
    ...carried,
    previous: fromBase64url(carried.previous, 'previous'),
    statement: fromBase64url(carried.statement, 'statement'),
    path: carried.path.map((hash) => fromBase64url(hash, 'path')),
    signature: fromBase64url(carried.signature, 'signature'),
  };
}
