import { describe, expect, it } from '@jest/globals';
import { SILENT_LOG } from '@strongroom/platform';
import { toHex, VaultError, type Bytes } from '@strongroom/protocol';
import { enrolmentDigest, verifyEnrolment } from '@strongroom/transparency';
import { newKeystore, NOW_MS } from '../roster/bundle.fixture.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { EnrolmentService } from './enrolment.service.js';
import { ownStatement } from './own-statement.js';
import { Registry } from './registry.js';

const keystore = newKeystore();

class FakeRegistry extends Registry {
  readonly taken: Bytes[] = [];
  constructor(private readonly refusals: Error[]) {
    super();
  }
  submit(statement: Bytes): Promise<string> {
    this.taken.push(statement);
    const refusal = this.refusals.shift();
    return refusal === undefined ? Promise.resolve(toHex(enrolmentDigest(statement))) : Promise.reject(refusal);
  }
}

async function enrol(refusals: Error[]): Promise<{ readonly registry: FakeRegistry; readonly pauses: number[] }> {
  const registry = new FakeRegistry(refusals);
  const pauses: number[] = [];
  const parts = { keystore, store: new MemoryNodeStore(), registry, software: '0.1.0', clock: { nowMs: () => NOW_MS }, log: SILENT_LOG };
  const service = new EnrolmentService(parts, (ms) => Promise.resolve(void pauses.push(ms)));
  await service.submit(await ownStatement(keystore, parts.store, '0.1.0', NOW_MS));
  return { registry, pauses };
}

describe('the enrolment statement', () => {
  it('says what the keystore is and is signed by the identity key', async () => {
    expect(verifyEnrolment(await ownStatement(keystore, new MemoryNodeStore(), '0.1.0', NOW_MS))).toEqual({
      identityKey: keystore.identityPublicKey,
      hpkeKey: keystore.hpkePublicKey,
      environment: 'software',
      keystore: 'sealed-file',
      software: '0.1.0',
      issuedAt: Math.floor(NOW_MS / 1000),
    });
  });

  it('stays the same bytes until what it says changes', async () => {
    const store = new MemoryNodeStore();
    const first = await ownStatement(keystore, store, '0.1.0', NOW_MS);
    expect(await ownStatement(keystore, store, '0.1.0', NOW_MS + 99_000)).toEqual(first);
    const upgraded = await ownStatement(keystore, store, '0.2.0', NOW_MS + 99_000);
    expect(upgraded).not.toEqual(first);
    expect(await ownStatement(keystore, store, '0.2.0', NOW_MS + 200_000)).toEqual(upgraded);
  });
});

describe('enrolling', () => {
  it('sends the same statement until the registry answers', async () => {
    const away = new VaultError('FLEET_UNAVAILABLE', 'away');
    const { registry, pauses } = await enrol([away, away, new Error('unexpected')]);
    expect(registry.taken).toHaveLength(4);
    expect(new Set(registry.taken.map(toHex)).size).toBe(1);
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  it('takes a refusal for an answer', async () => {
    const { registry } = await enrol([new VaultError('REQUEST_INVALID', 'no')]);
    expect(registry.taken).toHaveLength(1);
  });
});
