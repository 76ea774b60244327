import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { fleetOf, newKeystore, publish, trustRoot } from './bundle.fixture.js';
import { BundleRosterHistory, rosterWrite } from './roster-history.js';

const keystores = [1, 2, 3].map(() => newKeystore());
const { note } = publish([fleetOf(keystores)]);
let store: MemoryNodeStore;
let history: BundleRosterHistory;
beforeEach(() => {
  store = new MemoryNodeStore();
  history = new BundleRosterHistory(store, trustRoot);
});

describe('the rosters of earlier epochs', () => {
  it('are known from the bundles that this node used, also after a restart and long after their time', async () => {
    await store.commit([rosterWrite('main', 1, note)]);
    for (const known of [history, new BundleRosterHistory(store, trustRoot)]) {
      expect(known.roster('main', 1)?.members.map(({ identityKey }) => identityKey)).toEqual(
        keystores.map(({ identityPublicKey }) => identityPublicKey),
      );
    }
    expect(history.note('main', 1)).toBe(note);
  });

  it('are unknown where nobody has shown them', () => {
    expect([history.roster('main', 1), history.note('main', 1)]).toEqual([null, null]);
  });

  it('are taken from a stranger with both signatures', async () => {
    await history.take('main', 1, note);
    expect(history.roster('main', 1)?.epoch).toBe(1);
  });

  it.each([
    ['signed by one role alone', publish([fleetOf(keystores)], undefined, ['operator']).note, 1],
    ['of another epoch', note, 2],
    ['of another fleet', publish([fleetOf(keystores, { fleetId: 'other' })]).note, 1],
    ['changed by one character', note.replace('attempts 10', 'attempts 99'), 1],
    ['no note at all', 'hello\n', 1],
  ])('are not taken from a note that is %s', async (_what, shown, epoch) => {
    await expect(history.take('main', epoch, shown)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    expect(history.note('main', epoch)).toBeNull();
  });
});
