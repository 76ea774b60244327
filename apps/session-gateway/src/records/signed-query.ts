import { PROOF_HEADER } from '@strongroom/contracts';
import { invalid, type Bytes } from '@strongroom/protocol';
import { fromText } from '../encoding/base64url.js';

/** `<base64url query>.<base64url signature>`: a query has at most 512 bytes. */
const PROOF = /^([A-Za-z0-9_-]{1,684})\.([A-Za-z0-9_-]{86})$/;

/**
 * The header which shows that the asker holds the bound key: a copied token alone reads nothing.
 * @throws REQUEST_INVALID naming the header
 */
export function signedQuery(proof: unknown): { readonly query: Bytes; readonly signature: Bytes } {
  const match = typeof proof === 'string' ? PROOF.exec(proof) : null;
  if (match === null) throw invalid(PROOF_HEADER, 'must be a query and its signature');
  const [, query = '', signature = ''] = match;
  return { query: fromText(query, PROOF_HEADER), signature: fromText(signature, PROOF_HEADER) };
}
