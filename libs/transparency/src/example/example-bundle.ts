import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import type { FleetEvidence } from '../bundle/derive-bundle.js';
import { deriveBundleText } from '../bundle/derive-bundle.js';
import { signEnrolment, type Enrolment } from '../enrolment/enrolment.js';
import type { Ed25519Signer } from '../keys/ed25519.js';
import { assembleNote, signNoteText } from '../note/sign-note.js';
import { DEFAULT_WINDOWS, type TrustRoot } from '../trust-root/trust-root.js';
import { makeVkey } from '../vkey/vkey.js';

/** Specs only: everything from a seed, so that a failing spec shows the same bytes every time. */
export function exampleSigner(seed: number): Ed25519Signer {
  const secret = new Uint8Array(32).fill(seed);
  return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
}

export const operatorSigner = exampleSigner(201);
export const auditorSigner = exampleSigner(202);
export const NOW_SECONDS = 1_800_000_000;
export const NOW_MS = NOW_SECONDS * 1000;

export const exampleTrustRoot: TrustRoot = {
  version: 1,
  namespace: 'strongroom.example/dev',
  operator: makeVkey('strongroom.example/operator', operatorSigner.publicKey),
  auditor: makeVkey('auditor.example/strongroom', auditorSigner.publicKey),
  windows: DEFAULT_WINDOWS,
};

export function exampleEnrolment(seed: number, changes: Partial<Enrolment> = {}): Enrolment {
  return {
    identityKey: exampleSigner(seed).publicKey,
    hpkeKey: x25519.getPublicKey(new Uint8Array(32).fill(seed + 100)),
    environment: 'software',
    keystore: 'sealed-file',
    software: '0.1.0',
    issuedAt: NOW_SECONDS - 60,
    ...changes,
  };
}

export function exampleFleet(changes: Partial<FleetEvidence> = {}): FleetEvidence {
  return {
    fleetId: 'eu-1',
    epoch: 1,
    state: 'active',
    suite: 1,
    n: 5,
    t: 3,
    q: 3,
    attempts: 10,
    ksf: 'argon2id:65536:3:1',
    statements: [1, 2, 3, 4, 5].map((seed) => signEnrolment(exampleEnrolment(seed), exampleSigner(seed))),
    ...changes,
  };
}

export function exampleText(
  previousText?: string,
  fleets: readonly FleetEvidence[] = [exampleFleet()],
  trustRoot: TrustRoot = exampleTrustRoot,
): string {
  const issuedAt = NOW_SECONDS - 10;
  return deriveBundleText({ trustRoot, previousText, issuedAt, expiresAt: issuedAt + 86_400, fleets });
}

/** Signed by both, the auditor's line first, whatever the text says. */
export function exampleNote(text: string): string {
  return assembleNote(text, [
    signNoteText(text, exampleTrustRoot.auditor.name, auditorSigner),
    signNoteText(text, exampleTrustRoot.operator.name, operatorSigner),
  ]);
}
