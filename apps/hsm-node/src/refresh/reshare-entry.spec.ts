import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entrySubmit } from '@strongroom/contracts';
import { encodeEntry, signEntry, type Entry } from '@strongroom/protocol';
import { bytesOf, stranger, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { needsRecord } from '../shares/decided-records.js';
import { STAGED_LIFETIME_MS } from '../shares/share-vault.js';
import { AttackedFleet, NODES, outcomeOf, signerOf, type Staging } from './attacked-fleet.fixture.js';
import { holdersOf } from './refresh-fleet.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let attacked: AttackedFleet;
let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  attacked = await AttackedFleet.started(version);
  fleet = attacked.fleet;
});
afterEach(() => fleet.end());

describe('an entry that shares anew', () => {
  it.each<[string, (request: Staging) => Entry, string]>([
    ['lacks one member', (request) => attacked.entryOf(request, { held: [bytesOf('1', 64), bytesOf('2', 64)] }), 'REQUEST_INVALID held'],
    ['names another record than the members hold', (request) => forged(attacked.entryOf(request)), 'REQUEST_INVALID held'],
    ['is of another epoch', (request) => attacked.entryOf(request, { epoch: 1 }), 'CONFLICT'],
    ['is for another place', (request) => attacked.entryOf(request, { index: 3 }), 'CONFLICT'],
    ['is signed by a stranger', (request) => attacked.entryOf(request, {}, stranger), 'FLEET_UNAVAILABLE'],
    ['replaces a sharing that is not in force', (request) => attacked.entryOf(request, { before: bytesOf('before') }), 'RECORD_UNKNOWN'],
  ])('is decided by nobody when it %s', async (_what, entry, refused) => {
    const request = attacked.dealt();
    await attacked.stageAtAll(request);
    expect(await attacked.submit(entry(request))).toBe(refused);
    expect(fleet.account(1).state.index).toBe(1);
  });

  it('is not needed before every member holds its share, and its shares are kept until then', async () => {
    const request = attacked.dealt();
    await attacked.stageAtAll(request);
    const hash = attacked.hashOf(request);
    fleet.clockMs += 2 * STAGED_LIFETIME_MS;
    for (const node of NODES) {
      const { vault, node: running } = fleet.machine(node).now;
      await vault.sweep(fleet.clockMs, (uid, held, index) => needsRecord(running.engine.account(uid), held, index));
    }
    expect(holdersOf(fleet, hash)).toEqual([1, 2, 3]);
    await fleet.advance(600);
    expect(await attacked.submit(attacked.entryOf(request))).toBe('taken');
  });

  it('is proposed by no gateway', async () => {
    const entry = encodeEntry(attacked.entryOf(attacked.dealt()));
    expect(await outcomeOf(() => fleet.run(fleet.gateway.call(entrySubmit, { entry }, { node: 'main-1' })))).toBe('REQUEST_INVALID kind');
  });
});

/** Signed for one record, made out for another: with another C_0, say. */
function forged({ core }: Entry): Entry {
  if (core.kind !== 'reshare') throw new Error('no resharing');
  return { ...signEntry({ ...core, recordHash: bytesOf('another record') }, signerOf(1), null), token: '' };
}
