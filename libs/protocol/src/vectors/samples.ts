import { mayHaveOwner, type AttemptCore, type EntryCore } from '../entry/entry-core.js';
import type { Entry } from '../entry/entry.js';
import { signEntry } from '../entry/entry-signature.js';
import { coreHpke, generateHpkeKeyPair } from '../hpke/core-hpke.js';
import type { HpkeKeyPair } from '../hpke/hpke.js';
import { nobleGroup } from '../group/noble-group.js';
import { nobleSigner } from '../keys/noble-signature.js';
import { createRecord, type CreatedRecord } from '../record/create-record.js';
import { randomScalar } from '../sharing/deal.js';
import { identityStretcher } from '../stretching/key-stretcher.js';
import { seededRandom } from './seeded-random.js';

/** For specs only, not exported: one of everything, always the same. */
const random = seededRandom('samples');

export const sampleCode = '7241-9035-8862';
export const sampleUid = random.bytes(32);
export const sampleBackupKey = random.bytes(32);
export const deviceSigner = nobleSigner(random.bytes(32));
export const ownerSigner = nobleSigner(random.bytes(32));
export const otherSigner = nobleSigner(random.bytes(32));

const subject = { fleetId: 'eu-1', uid: sampleUid, ver: 3, bindingKey: deviceSigner.publicKey, nonce: random.bytes(16) } as const;

export const attemptCore: AttemptCore = {
  kind: 'attempt',
  ...subject,
  blinded: nobleGroup.multiplyBase(randomScalar(random)),
  ephemeralKey: (await generateHpkeKeyPair(random)).publicKey,
};

export const sampleCores: readonly EntryCore[] = [
  attemptCore,
  { kind: 'register', ...subject, recordHash: random.bytes(32), confirmKey: otherSigner.publicKey, ownerKey: ownerSigner.publicKey },
  { kind: 'delete', ...subject },
  { kind: 'cancel', ...subject },
  {
    kind: 'reshare',
    ...subject,
    epoch: 2,
    index: 7,
    before: random.bytes(32),
    beforeSharing: random.bytes(32),
    recordHash: random.bytes(32),
    held: [random.bytes(64), random.bytes(64), random.bytes(64)],
  },
];

/** Every kind, with the owner's signature where it may have one. */
export const sampleEntries: readonly Entry[] = sampleCores.map((core) => ({
  ...signEntry(core, deviceSigner, mayHaveOwner(core) ? ownerSigner : null),
  token: core.kind === 'reshare' ? '' : 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln',
}));

export interface SampleFleet extends CreatedRecord {
  readonly nodes: readonly HpkeKeyPair[];
}

/** A record dealt to `n` nodes with threshold `threshold`; epoch 1 of fleet eu-1, version 3, key stretching off. */
export async function sampleFleet(threshold: number, n: number): Promise<SampleFleet> {
  const source = seededRandom(`fleet ${threshold} of ${n}`);
  const nodes: HpkeKeyPair[] = [];
  for (let i = 0; i < n; i++) nodes.push(await generateHpkeKeyPair(source));
  const fleet = { fleetId: 'eu-1', epoch: 1, threshold, hpkeKeys: nodes.map(({ publicKey }) => publicKey) };
  const request = { backupKey: sampleBackupKey, code: sampleCode, uid: sampleUid, ver: 3, fleet };
  const owner = { stretcher: identityStretcher, ownerPk: ownerSigner.publicKey, notAfterMs: 1_900_000_000_000 };
  return { nodes, ...(await createRecord({ ...request, ...owner }, source, coreHpke)) };
}
