import {
  checkDecided,
  entryId,
  equal,
  parseVote,
  VaultError,
  type Bytes,
  type CheckedSet,
  type EntryCore,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';
import { LostAnswer } from '../call/retry.js';
import type { CarriedDecision } from '../gateway/statement-json.js';

/**
 * The q votes that decided exactly this entry, each naming this record (PROTOCOL 4.6, 6). Votes that name another are
 * left out before the count, so the result stands for q nodes that hold this one.
 * @param recordHash 32 bytes; null where the entry is about no record
 * @throws LostAnswer when the set that the gateway brought does not hold: it may have better ones
 */
export function checkDecidedEntry(
  carried: CarriedDecision,
  core: EntryCore,
  recordHash: Bytes | null,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): CheckedSet {
  try {
    const votes = carried.votes.filter(({ statement }) => recordHash === null || equal(parseVote(statement).recordHash, recordHash));
    const checked = checkDecided({ ...carried, votes }, core.uid, roster, verifier);
    if (!equal(entryId(checked.value.entry.core), entryId(core))) throw new LostAnswer('the votes are for another entry');
    return checked;
  } catch (cause) {
    if (cause instanceof VaultError) throw new LostAnswer(`the votes do not hold: ${cause.message}`, { cause });
    throw cause;
  }
}
