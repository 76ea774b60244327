import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { peerRejoin, type RequestOf } from '@strongroom/contracts';
import { bytesOf, stranger } from '../node/account.fixture.js';
import { keyOf } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { rejoinQuestionMessage } from './rejoin-message.js';

let fleet: MemoryFleet;
let [home, voter, third] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
});
afterEach(() => fleet.end());

describe('a question of a node that rejoins', () => {
  const question = (change: Partial<RequestOf<typeof peerRejoin>> = {}, by = keyOf(third)): RequestOf<typeof peerRejoin> => {
    const subject = { fleetId: 'main', epoch: 1, node: third, incarnation: 5, nonce: bytesOf('nonce'), ...change };
    return { ...subject, signature: by.sign(rejoinQuestionMessage(subject)) };
  };
  const ask = (request = question()) => fleet.run(fleet.gateway.call(peerRejoin, request, { node: `main-${home}` }));

  it('is answered alike when it comes again', async () => {
    const first = await ask();
    expect(await ask()).toEqual(first);
  });

  it.each([1, 4, 5])('is refused for incarnation %i after 5 was answered', async (incarnation) => {
    await ask();
    await expect(ask(question({ incarnation, nonce: bytesOf('other') }))).rejects.toMatchObject({
      code: 'CONFLICT',
      metadata: { incarnation: 5 },
    });
  });

  it('is refused when the member has not signed it', async () => {
    await expect(ask(question({}, stranger))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask(question({}, keyOf(voter)))).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await expect(ask({ ...question(), incarnation: 6 })).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it.each([{ epoch: 2 }, { fleetId: 'other' }, { node: 4 }])('is refused for %j', async (change) => {
    await expect(ask(question(change))).rejects.toMatchObject({ code: expect.stringMatching(/INVALID|MISBEHAVED/) });
  });

  it('fences the node from then on, also when the answerer starts again', async () => {
    await ask();
    await fleet.restart(home);
    await expect(ask(question({ nonce: bytesOf('other') }))).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
