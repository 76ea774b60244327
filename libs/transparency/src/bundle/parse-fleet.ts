import { fromBase64 } from '../encoding/base64.js';
import { fromHex } from '../encoding/octets.js';
import type { BundleFleet, BundleFleetState, BundleMember } from './bundle.js';
import { integer, type LineReader } from '../encoding/line-reader.js';

/** The id of a fleet: one token of a subject, at most 32 characters. */
const FLEET_ID = '[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?';
const FLEET = new RegExp(
  `^(${FLEET_ID}) epoch (\\d+) state (active|draining|revoked) suite (\\d+) n (\\d+) t (\\d+) q (\\d+) attempts (\\d+) ksf ([a-z0-9:]+)$`,
);
const MEMBER = /^(\d+) ([A-Za-z0-9+/=]{44}) ([A-Za-z0-9+/=]{44}) sha256:([0-9a-f]{64})$/;

/** One `fleet` line and the `member` lines that follow it. @throws FormatError */
export function readFleet(reader: LineReader): BundleFleet {
  const [fleetId = '', epoch, state, suite, n, t, q, attempts, ksf = ''] = reader.match('fleet', FLEET);
  const members: BundleMember[] = [];
  while (reader.isNext('member')) members.push(readMember(reader));
  return {
    fleetId,
    epoch: integer(epoch, 'fleet epoch'),
    state: readState(state),
    suite: integer(suite, 'fleet suite'),
    n: integer(n, 'fleet n'),
    t: integer(t, 'fleet t'),
    q: integer(q, 'fleet q'),
    attempts: integer(attempts, 'fleet attempts'),
    ksf,
    members,
  };
}

function readMember(reader: LineReader): BundleMember {
  const [index, identityKey = '', hpkeKey = '', evidence = ''] = reader.match('member', MEMBER);
  return {
    index: integer(index, 'member index'),
    identityKey: fromBase64(identityKey, 'member identity key'),
    hpkeKey: fromBase64(hpkeKey, 'member HPKE key'),
    evidence: fromHex(evidence, 32, 'member evidence'),
  };
}

/** The line's pattern admits these three words alone. */
function readState(word: string | undefined): BundleFleetState {
  if (word === 'active' || word === 'draining') return word;
  return 'revoked';
}
