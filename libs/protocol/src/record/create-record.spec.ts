import { describe, expect, it } from '@jest/globals';
import type { Bytes } from '../encoding/bytes.js';
import { identityStretcher } from '../stretching/key-stretcher.js';
import { refusalOf } from '../vectors/refusal.js';
import { ownerSigner, sampleBackupKey, sampleCode, sampleFleet, sampleUid } from '../vectors/samples.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { createRecord, type RecordRequest } from './create-record.js';
import { recordHash } from './record-codec.js';

const random = seededRandom('create');
const fleet = await sampleFleet(3, 5);

describe('createRecord', () => {
  const hpkeKeys = fleet.nodes.map(({ publicKey }) => publicKey);
  const good: RecordRequest = {
    backupKey: sampleBackupKey,
    code: sampleCode,
    uid: sampleUid,
    ver: 1,
    ownerPk: ownerSigner.publicKey,
    notAfterMs: 0,
    fleet: { fleetId: 'eu-1', epoch: 1, threshold: 3, hpkeKeys },
    stretcher: identityStretcher,
  };
  const refused: readonly (readonly [string, Partial<RecordRequest>])[] = [
    ['code', { code: '123' }],
    ['backupKey', { backupKey: new Uint8Array(31) }],
    ['uid', { uid: new Uint8Array(33) }],
    ['ver', { ver: 0 }],
    ['ver', { ver: 2 ** 32 }],
    ['ownerPk', { ownerPk: new Uint8Array(32) }],
    ['fleetId', { fleet: { ...good.fleet, fleetId: 'EU' } }],
    ['threshold', { fleet: { ...good.fleet, threshold: 2 } }],
    ['threshold', { fleet: { ...good.fleet, threshold: 6 } }],
    ['n', { fleet: { ...good.fleet, hpkeKeys: [] } }],
    ['hpkeKeys', { fleet: { ...good.fleet, hpkeKeys: [...hpkeKeys.slice(1), new Uint8Array(32)] } }],
  ];

  it.each(refused)('refuses a bad %s before it draws any randomness', async (field, change) => {
    const unused = {
      bytes: (): Bytes => {
        throw new Error('randomness was drawn');
      },
    };
    expect(await refusalOf(createRecord({ ...good, ...change }, unused))).toBe(`REQUEST_INVALID ${field}`);
  });

  it('makes every version from fresh randomness, and the same one from the same seed', async () => {
    const make = async (seed: string): Promise<Bytes> => recordHash((await createRecord(good, seededRandom(seed))).record);
    expect(await make('a')).toEqual(await make('a'));
    expect(await make('a')).not.toEqual(await make('b'));
  });

  it('leaves the backup key to the caller', async () => {
    const backupKey = Uint8Array.from(sampleBackupKey);
    await createRecord({ ...good, backupKey }, random);
    expect(backupKey).toEqual(sampleBackupKey);
  });
});
