import { utf8, type Bytes } from '@strongroom/protocol';
import { signEnrolment, verifyEnrolment, type Enrolment } from '@strongroom/transparency';
import type { Keystore } from '../keystore/keystore.js';
import type { NodeStore } from '../storage/node-store.js';

const TABLE = 'enrolment';
const KEY = utf8('statement');

/**
 * The node's signed enrolment statement (PROTOCOL 3). Made once and kept, because the bundle names it by its digest: a
 * new one is made only when what it says has changed.
 * @param software version of the node's software
 */
export async function ownStatement(keystore: Keystore, store: NodeStore, software: string, nowMs: number): Promise<Bytes> {
  const enrolment: Enrolment = {
    identityKey: keystore.identityPublicKey,
    hpkeKey: keystore.hpkePublicKey,
    ...keystore.describe(),
    software,
    issuedAt: Math.floor(nowMs / 1000),
  };
  const stored = store.get(TABLE, KEY);
  if (stored !== null && saysTheSame(verifyEnrolment(stored), enrolment)) return stored;
  const signer = { publicKey: keystore.identityPublicKey, sign: (message: Bytes) => keystore.sign(message) };
  const statement = signEnrolment(enrolment, signer);
  await store.commit([{ table: TABLE, key: KEY, value: statement }]);
  return statement;
}

function saysTheSame(a: Enrolment, b: Enrolment): boolean {
  const keys = Buffer.compare(a.identityKey, b.identityKey) === 0 && Buffer.compare(a.hpkeKey, b.hpkeKey) === 0;
  return keys && a.environment === b.environment && a.keystore === b.keystore && a.software === b.software;
}
