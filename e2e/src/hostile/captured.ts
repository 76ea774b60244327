import { confirmRequest, registerRequest } from '@strongroom/contracts';
import { encodeEntry, fromBase64url, fromHex, parseEntryCore, type Bytes, type RegisterCore } from '@strongroom/protocol';
import { freshAccount, type TestDevice, type TestFleet } from '@strongroom/testing';
import { alteringFetch } from './altering-fetch.js';
import { codeOf } from './intruder.js';
import { random, RIGHT, type Victim } from './victim.js';

/** A registration that a client made and that never reached the fleet. */
export interface CapturedRegistration {
  readonly device: TestDevice;
  readonly core: RegisterCore;
  readonly entry: Bytes;
  readonly record: Bytes;
  readonly sealed: readonly Bytes[];
}

export async function captureRegistration(fleet: TestFleet, account: string = freshAccount('captured')): Promise<CapturedRegistration> {
  const seen: unknown[] = [];
  const retries = { tries: 1, triesWhenUnavailable: 1, firstWaitMs: 1, maxWaitMs: 1 };
  const fetch = alteringFetch({ request: (path, body) => (path === '/v1/records' && seen.push(body) > 0 ? 'lose' : undefined) });
  const device = fleet.device(account, { fetch, retries });
  await codeOf(device.client.protect(random.bytes(32), RIGHT));
  const { entry, record, sealed } = registerRequest.parse(seen[0]);
  const core = parseEntryCore(fromBase64url(entry.core));
  if (core.kind !== 'register') throw new Error('a registration registers');
  const encoded = encodeEntry({ core, signature: fromBase64url(entry.signature), ownerSignature: null, token: await device.token() });
  return { device, core, entry: encoded, record: fromBase64url(record), sealed: sealed.map((share) => fromBase64url(share)) };
}

export interface CapturedConfirmation {
  readonly uid: Bytes;
  readonly ver: number;
  readonly index: number;
  readonly attemptId: Bytes;
  readonly signature: Bytes;
}

/** Recovers once. @returns the confirmation that the gateway saw */
export async function captureConfirmation(fleet: TestFleet, victim: Victim): Promise<CapturedConfirmation> {
  const seen: CapturedConfirmation[] = [];
  const fetch = alteringFetch({
    request: (path, body) => {
      const [, id] = /^\/v1\/attempts\/([0-9a-f]{64})\/confirm$/.exec(path) ?? [];
      if (id === undefined) return undefined;
      const { ver, index, signature } = confirmRequest.parse(body);
      seen.push({ uid: victim.uid, ver, index, attemptId: fromHex(id), signature: fromBase64url(signature) });
      return undefined;
    },
  });
  await fleet.device(victim.device.account, { fetch }).client.recover(RIGHT);
  const [confirmation] = seen;
  if (confirmation === undefined) throw new Error('a recovery confirms');
  return confirmation;
}
