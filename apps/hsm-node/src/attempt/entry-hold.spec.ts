import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { alice, bytesOf } from '../node/account.fixture.js';
import { pauseUntil } from '../roster/pause.js';
import { EntryHold } from './entry-hold.js';

const BOB = bytesOf('bob');

describe('the hold on entries of an account that is shared anew', () => {
  let stop: AbortController;
  let hold: EntryHold;
  beforeEach(() => {
    jest.useFakeTimers();
    stop = new AbortController();
    hold = new EntryHold({ engine: { listen: () => undefined }, pause: pauseUntil(stop.signal) });
  });
  afterEach(() => {
    stop.abort();
    jest.useRealTimers();
  });
  const isHeld = async (uid = alice): Promise<boolean> => {
    let held = true;
    void hold.wait(uid).then(() => (held = false));
    await jest.advanceTimersByTimeAsync(0);
    return held;
  };

  it('touches no other account', async () => {
    hold.begin(alice);
    expect([await isHeld(), await isHeld(BOB)]).toEqual([true, false]);
  });

  it('ends by itself', async () => {
    hold.begin(alice);
    await jest.advanceTimersByTimeAsync(799);
    expect(await isHeld()).toBe(true);
    await jest.advanceTimersByTimeAsync(1);
    expect(await isHeld()).toBe(false);
  });

  it('is not made longer by whoever asks again and again', async () => {
    let heldMs = 0;
    for (let ms = 0; ms < 16_000; ms += 100) {
      hold.begin(alice);
      if (await isHeld()) heldMs += 100;
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(heldMs).toBe(1_600);
  });

  it('ends when the node stops', async () => {
    hold.begin(alice);
    stop.abort();
    expect(await isHeld()).toBe(false);
  });
});
