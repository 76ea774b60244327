import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { signConfirmation } from '../confirmation/confirmation.js';
import { toBase64url, toHex, utf8, type Bytes } from '../encoding/bytes.js';
import type { Entry } from '../entry/entry.js';
import type { EntryCore } from '../entry/entry-core.js';
import { entryId } from '../entry/entry-id.js';
import { signEntry } from '../entry/entry-signature.js';
import { nobleGroup } from '../group/noble-group.js';
import type { Signer, SignatureVerifier } from '../keys/signature.js';
import { hasVerifyingKeyForm } from '../keys/verifying-key.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { randomScalar } from '../sharing/deal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import type { Confirmation, Wanted } from './account-log.js';
import type { AccountPolicy } from './account-policy.js';

/** For specs only: keys, entries and confirmations of one account, always the same for the same seed. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function nativeSigner(seed: Bytes): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from(String(x), 'base64url')), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

const keys = new Map<string, KeyObject>();
const verdicts = new Map<string, boolean>();

/** node:crypto, with a memory: in a simulation n nodes check the same signature. */
export const nativeVerifier: SignatureVerifier = {
  verify(publicKey, message, signature) {
    if (signature.length !== 64 || !hasVerifyingKeyForm(publicKey)) return false;
    const name = toBase64url(publicKey);
    const asked = `${name} ${Buffer.from(signature).toString('latin1')} ${Buffer.from(message).toString('latin1')}`;
    const known = verdicts.get(asked);
    if (known !== undefined) return known;
    const key = keys.get(name) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: name }, format: 'jwk' });
    keys.set(name, key);
    const verdict = verify(null, message, key, signature);
    if (verdicts.size > 20_000) verdicts.clear();
    verdicts.set(asked, verdict);
    return verdict;
  },
};

export const FLEET_ID = 'eu-1';
export const START_MS = 1_750_000_000_000;
export const POLICY: AccountPolicy = { attempts: 10, coolDownMs: 86_400_000, delaysMs: [], maxSkewMs: 120_000 };

const random = seededRandom('account log');
const point = nobleGroup.multiplyBase(randomScalar(random));
const ephemeral = random.bytes(32).map((byte, i) => (i === 31 ? byte & 0x7f : byte));
export const uid: Bytes = random.bytes(32);
export const otherUid: Bytes = random.bytes(32);
export const device: Signer = nativeSigner(random.bytes(32));
export const confirmSigner: Signer = nativeSigner(random.bytes(32));
export const ownerSigner: Signer = nativeSigner(random.bytes(32));
export const strangerSigner: Signer = nativeSigner(random.bytes(32));

export const nodeSigners: readonly Signer[] = Array.from({ length: 7 }, () => nativeSigner(random.bytes(32)));

export function rosterOf(n: number, q: number, epoch = 1, t = q): FleetRoster {
  const members = nodeSigners.slice(0, n).map(({ publicKey }, i) => ({ index: i + 1, identityKey: publicKey }));
  return { fleetId: FLEET_ID, epoch, n, t, q, attempts: POLICY.attempts, members };
}

type Making = { readonly owner?: Signer; readonly of?: Bytes; readonly fleetId?: string };

function entryOf(core: EntryCore, owner: Signer | undefined): Entry {
  return { ...signEntry(core, device, owner ?? null), token: 'e30.e30.c2ln' };
}

function subject(name: string, ver: number, { of = uid, fleetId = FLEET_ID }: Making) {
  return { fleetId, uid: of, ver, bindingKey: device.publicKey, nonce: seededRandom(name).bytes(16) };
}

/** Entries with the same name are the same entry. */
export const entries = {
  attempt: (name: string, ver = 1, making: Making = {}): Entry =>
    entryOf({ kind: 'attempt', ...subject(name, ver, making), blinded: point, ephemeralKey: ephemeral }, undefined),
  register: (name: string, ver: number, making: Making = {}): Entry => {
    const record = {
      recordHash: seededRandom(`record ${name}`).bytes(32),
      confirmKey: confirmSigner.publicKey,
      ownerKey: ownerSigner.publicKey,
    };
    return entryOf({ kind: 'register', ...subject(name, ver, making), ...record }, making.owner);
  },
  remove: (name: string, ver: number, making: Making = {}): Entry =>
    entryOf({ kind: 'delete', ...subject(name, ver, making) }, making.owner),
  cancel: (name: string, ver: number, making: Making = {}): Entry =>
    entryOf({ kind: 'cancel', ...subject(name, ver, making) }, making.owner),
};

export function wantedOf(entry: Entry, tokenExpired = false): Wanted {
  return { id: entryId(entry.core), entry, tokenExpired };
}

export function confirmationOf(entry: Entry, index: number, signer: Signer = confirmSigner): Confirmation {
  const attempt = { uid: entry.core.uid, ver: entry.core.ver, index, attemptId: entryId(entry.core) };
  return { ...attempt, signature: signConfirmation(signer, { ...attempt, fleetId: FLEET_ID }) };
}

export function nameOf(bytes: Bytes): string {
  return toHex(bytes.subarray(0, 8));
}

export const noise: Bytes = utf8('noise');
