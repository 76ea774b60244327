import { DEVELOPMENT_ISSUER, mintDevelopmentToken, nodeSigner } from '@strongroom/platform';
import {
  accountId,
  confirmSeed,
  createRecord,
  encodeRecord,
  evaluateKnown,
  hashToGroup,
  identityStretcher,
  openRecord,
  oprfInput,
  randomScalar,
  recordHash,
  signEntry,
  toBase64url,
  type Bytes,
  type RandomSource,
  type RegisterCore,
  type Signer,
} from '@strongroom/protocol';
import { toEntryJson } from './entry-json.js';
import { DoorError, type HttpDoor } from './http-door.js';
import type { VerifiedFleet } from './verified-fleet.js';

/** An account of the bench with all that its person and its device know. Worth nothing, so nothing is wiped. */
export interface RegisteredAccount {
  readonly sub: string;
  readonly uid: Bytes;
  readonly ver: number;
  readonly bindingKey: Signer;
  /** The key that the right code leads to. */
  readonly confirmKey: Signer;
  readonly backupKey: Bytes;
  /** x of PROTOCOL 5. */
  readonly input: Bytes;
  /** H1(x), 32 bytes. */
  readonly inputPoint: Bytes;
}

export interface RegistrationPorts {
  readonly door: HttpDoor;
  readonly fleet: VerifiedFleet;
  readonly random: RandomSource;
  readonly nowMs: () => number;
}

const MAX_TRIES = 5;

/** Registers a fresh account as a client does (PROTOCOL 5). @throws DoorError when the fleet refuses */
export async function registerAccount({ door, fleet, random, nowMs }: RegistrationPorts): Promise<RegisteredAccount> {
  const sub = `bench-${toBase64url(random.bytes(12))}`;
  const uid = accountId(DEVELOPMENT_ISSUER, sub);
  const bindingKey = nodeSigner(random.bytes(32));
  const ownerKey = nodeSigner(random.bytes(32));
  const [backupKey, code, ver] = [random.bytes(32), toBase64url(random.bytes(9)), 1];
  const { fleetId } = fleet.record;
  const remembered = rememberFirst(random);
  const request = {
    backupKey,
    code,
    uid,
    ver,
    fleet: fleet.record,
    stretcher: identityStretcher,
    ownerPk: ownerKey.publicKey,
    notAfterMs: 0,
  };
  const { record, sealed } = await createRecord(request, remembered.source);
  const input = oprfInput(code, uid, fleetId);
  const key = randomScalar({ bytes: () => remembered.first() });
  const { exportKey } = await openRecord(record, evaluateKnown(key, input), identityStretcher);
  const core: RegisterCore = {
    kind: 'register',
    fleetId,
    uid,
    ver,
    bindingKey: bindingKey.publicKey,
    nonce: random.bytes(16),
    recordHash: recordHash(record),
    confirmKey: record.confirmPk,
    ownerKey: record.ownerPk,
  };
  const token = await mintDevelopmentToken({ sub, bindingKey: bindingKey.publicKey, nowMs: nowMs() });
  const entry = toEntryJson(signEntry(core, bindingKey, null));
  const body = { entry, record: toBase64url(encodeRecord(record)), sealed: sealed.map(toBase64url) };
  const headers = { authorization: `Bearer ${token}`, 'strongroom-bundle': fleet.digest };
  await sendUntilAnswered(() => door.send('POST', '/v1/records', headers, JSON.stringify(body)));
  return { sub, uid, ver, bindingKey, backupKey, input, inputPoint: hashToGroup(input), confirmKey: nodeSigner(confirmSeed(exportKey)) };
}

/** The same registration again, as a client does: it is decided once (PROTOCOL 6.4). */
async function sendUntilAnswered(send: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof DoorError) || error.code !== 'FLEET_UNAVAILABLE' || tries === MAX_TRIES) throw error;
    }
  }
}

/** The first thing that `createRecord` draws is k: who knows it knows the confirm key without asking the fleet. */
function rememberFirst(random: RandomSource): { readonly source: RandomSource; readonly first: () => Bytes } {
  let first: Bytes | undefined;
  return {
    source: {
      bytes(length) {
        const drawn = random.bytes(length);
        first ??= drawn.slice();
        return drawn;
      },
    },
    first: () => first?.slice() ?? new Uint8Array(0),
  };
}
