import { SystemRandom } from '@strongroom/platform';
import { nobleSigner, type Bytes } from '@strongroom/protocol';
import {
  assembleNote,
  DEFAULT_WINDOWS,
  deriveBundleText,
  makeVkey,
  signEnrolment,
  signNoteText,
  type FleetEvidence,
  type TrustRoot,
} from '@strongroom/transparency';
import { newKeyMaterial } from '../keystore/key-material.js';
import type { Keystore } from '../keystore/keystore.js';
import { SoftwareKeystore } from '../keystore/software-keystore.js';

const random = new SystemRandom();
const operator = nobleSigner(new Uint8Array(32).fill(201));
const auditor = nobleSigner(new Uint8Array(32).fill(202));
const ISSUED_S = 1_800_000_000;
export const NOW_MS = ISSUED_S * 1000 + 1;
export const LIFETIME_MS = 86_400_000;

export const trustRoot: TrustRoot = {
  version: 1,
  namespace: 'strongroom.example/dev',
  operator: makeVkey('strongroom.example/operator', operator.publicKey),
  auditor: makeVkey('auditor.example/strongroom', auditor.publicKey),
  windows: DEFAULT_WINDOWS,
};

export function newKeystore(): Keystore {
  return new SoftwareKeystore(newKeyMaterial(random), random, 'sealed-file');
}

export function statementOf(keystore: Keystore, changes: { readonly hpkeKey?: Bytes } = {}): Bytes {
  const { identityPublicKey: identityKey, hpkePublicKey: hpkeKey } = keystore;
  const enrolment = { identityKey, hpkeKey, ...keystore.describe(), software: '0.1.0', issuedAt: ISSUED_S - 60, ...changes };
  return signEnrolment(enrolment, { publicKey: identityKey, sign: (message) => keystore.sign(message) });
}

export function fleetOf(keystores: readonly Keystore[], changes: Partial<FleetEvidence> = {}): FleetEvidence {
  const parameters = { suite: 1, n: 3, t: 2, q: 2, attempts: 10, ksf: 'argon2id:65536:3:1' };
  return {
    fleetId: 'main',
    epoch: 1,
    state: 'active',
    ...parameters,
    statements: keystores.map((keystore) => statementOf(keystore)),
    ...changes,
  };
}

export interface Published {
  readonly text: string;
  readonly note: string;
}

/** A bundle that follows `previous`, signed by those named: both unless told. */
export function publish(
  fleets: readonly FleetEvidence[],
  previous?: Published,
  signers: readonly ('operator' | 'auditor')[] = ['auditor', 'operator'],
  root: TrustRoot = trustRoot,
): Published {
  const times = { issuedAt: ISSUED_S, expiresAt: ISSUED_S + LIFETIME_MS / 1000 };
  const text = deriveBundleText({ trustRoot: root, previousText: previous?.text, ...times, fleets });
  const lines = signers.map((role) => signNoteText(text, root[role].name, role === 'operator' ? operator : auditor));
  return { text, note: assembleNote(text, lines) };
}
