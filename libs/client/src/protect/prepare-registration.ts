import { createRecord, encodeRecord, recordHash, signEntry, toBase64url, type Bytes, type RegisterCore } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { toEntryJson } from '../gateway/statement-json.js';
import { OwnerKey } from '../owner/owner-key.js';
import type { AskedFleet } from '../status/ask-nodes.js';
import { stretcherFor } from '../stretch/stretcher.js';
import { nextVersion, prevailing } from '../votes/account-view.js';
import type { PreparedRegistration } from './pending-registration.js';

export interface ProtectRequest {
  /** 32 bytes, secret; the caller wipes it. */
  readonly backupKey: Bytes;
  readonly code: string;
  /** Milliseconds since 1970, 0 = never. */
  readonly notAfterMs: number;
}

/** Makes record, sealed shares and entry of the next version (PROTOCOL 5). The owner key is stored before the record names it. */
export async function prepareRegistration(
  context: CallContext,
  { backupKey, code, notAfterMs }: ProtectRequest,
  { fleet, view }: AskedFleet,
  fingerprint: string,
): Promise<PreparedRegistration> {
  const { uid, random, hpke, bindingKey } = context;
  const stretcher = stretcherFor(fleet.ksf, context.stretcher, context.allowBenchSuite, context.deadline.signal);
  const owner = await new OwnerKey(context.device, uid, random).findOrCreate();
  const ver = nextVersion(view);
  context.onStep('stretching');
  const request = { backupKey, code, uid, ver, fleet: fleet.record, stretcher, ownerPk: owner.publicKey, notAfterMs };
  const { record, sealed } = await createRecord(request, random, hpke);
  const core: RegisterCore = {
    kind: 'register',
    fleetId: fleet.roster.fleetId,
    uid,
    ver,
    bindingKey: bindingKey.publicKey,
    nonce: random.bytes(16),
    recordHash: recordHash(record),
    confirmKey: record.confirmPk,
    ownerKey: record.ownerPk,
  };
  const { activeVer, status } = prevailing(view);
  const entry = toEntryJson(signEntry(core, bindingKey, activeVer > 0 ? owner : null));
  return {
    fingerprint,
    epoch: fleet.roster.epoch,
    living: activeVer > 0 && status !== 'locked',
    request: { entry, record: toBase64url(encodeRecord(record)), sealed: sealed.map(toBase64url) },
    core,
  };
}
