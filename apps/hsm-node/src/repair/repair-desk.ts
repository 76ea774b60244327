import type { peerRepairDeal, peerRepairSum, RequestOf, ResponseOf } from '@strongroom/contracts';
import {
  memberKey,
  repairCoefficient,
  VaultError,
  type Bytes,
  type RandomSource,
  type ScalarGroup,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import { sealNow } from '../keystore/native-hpke.js';
import type { Roster } from '../roster/roster.js';
import type { ShareVault } from '../shares/share-vault.js';
import { partInfo, partMessage, repairRequestMessage, sessionId, type RepairSession } from './repair-message.js';
import { addPairs, dealPairs, wipe } from './share-scalars.js';

export interface RepairDeskOptions {
  readonly roster: Roster;
  readonly keystore: Keystore;
  readonly vault: ShareVault;
  readonly group: ScalarGroup;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  /** Whether the version is living and not locked by this node's own log: an erased share must not come back (I6). */
  readonly isUsable: (uid: Bytes, recordHash: Bytes) => boolean;
}

/** The helper's side of a repair (PROTOCOL 7.7). It keeps nothing between the two questions. */
export class RepairDesk {
  constructor(private readonly options: RepairDeskOptions) {}

  /** @throws TOKEN_INVALID unless the target itself asks; RECORD_UNKNOWN for a version that this node does not hold living */
  deal({ session, signature }: RequestOf<typeof peerRepairDeal>): ResponseOf<typeof peerRepairDeal> {
    const { roster, keystore, vault, group, random } = this.options;
    const { uid, recordHash, helpers, target } = session;
    this.require(session, signature);
    const id = sessionId(session);
    const record = vault.record(uid, recordHash);
    if (record === null) throw unknown();
    const coefficient = repairCoefficient(helpers, roster.self, target);
    const pairs = vault.withShare(uid, recordHash, (key, secret) => dealPairs(group, key, secret, coefficient, helpers.length, random));
    try {
      const parts = helpers.map((to, i) => {
        const pair = pairs[i] ?? new Uint8Array(0);
        const sealed = sealNow(hpkeKeyOf(roster, to), pair, partInfo('repair-part', id, roster.self, to), recordHash, random);
        return { to, sealed, signature: keystore.sign(partMessage('repair-part', id, roster.self, to, sealed)) };
      });
      return { record, parts };
    } finally {
      wipe(pairs);
    }
  }

  /** @throws as `deal`; NODE_MISBEHAVED unless each helper dealt exactly one summand and signed it */
  async sum({ session, signature, parts }: RequestOf<typeof peerRepairSum>): Promise<ResponseOf<typeof peerRepairSum>> {
    const { roster, keystore, group, verifier, random } = this.options;
    const { helpers, target, recordHash, replyKey } = session;
    this.require(session, signature);
    const id = sessionId(session);
    const dealt = helpers.map((from) => {
      const [part, ...more] = parts.filter((one) => one.from === from);
      const signed = part === undefined ? null : partMessage('repair-part', id, from, roster.self, part.sealed);
      if (part === undefined || signed === null || more.length > 0 || !verifier.verify(memberKey(roster, from), signed, part.signature))
        throw new VaultError('NODE_MISBEHAVED', 'a summand is not its helper’s', { node: from });
      return part;
    });
    const pairs: Bytes[] = [];
    try {
      for (const { from, sealed } of dealt)
        pairs.push(await keystore.openSealed(sealed, partInfo('repair-part', id, from, roster.self), recordHash));
      const sum = addPairs(group, pairs);
      pairs.push(sum);
      const sealed = sealNow(replyKey, sum, partInfo('repair-sum', id, roster.self, target), recordHash, random);
      return { sealed, signature: keystore.sign(partMessage('repair-sum', id, roster.self, target, sealed)) };
    } finally {
      wipe(pairs);
    }
  }

  private require(session: RepairSession, signature: Bytes): void {
    const { roster, verifier, isUsable } = this.options;
    const { fleetId, epoch, target, helpers, uid, recordHash } = session;
    if (fleetId !== roster.fleetId || epoch !== roster.epoch) throw invalidField('epoch', 'is not the one that this node serves');
    // Fewer than t helpers would interpolate another polynomial, and one alone would hand its share out.
    const distinct = new Set(helpers).size === helpers.length && helpers.length === roster.t;
    if (!distinct || !helpers.includes(roster.self) || helpers.includes(target))
      throw invalidField('helpers', 'are not t others with this one');
    if (!verifier.verify(memberKey(roster, target), repairRequestMessage(session), signature))
      throw new VaultError('TOKEN_INVALID', 'the repair is not asked for by its target');
    for (const helper of helpers) memberKey(roster, helper);
    if (!isUsable(uid, recordHash)) throw unknown();
  }
}

function hpkeKeyOf(roster: Roster, node: number): Bytes {
  const member = roster.members[node - 1];
  if (member === undefined) throw invalidField('helpers', 'are not in the roster');
  return member.hpkeKey;
}

function invalidField(field: string, what: string): VaultError {
  return new VaultError('REQUEST_INVALID', `${field}: ${what}`, { field });
}

function unknown(): VaultError {
  return new VaultError('RECORD_UNKNOWN', 'this node holds no living share of that version');
}
