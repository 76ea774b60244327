import { describe, expect, it } from '@jest/globals';
import { nobleVerifier, utf8 } from '@strongroom/protocol';
import { MemoryDeviceStore } from '../device/memory-device-store.js';
import { openBindingKey } from './binding-key.js';

describe('the binding key of a device', () => {
  it('is the same after a restart and another one on another device', async () => {
    const store = new MemoryDeviceStore();
    const [first, again, other] = [await openBindingKey(store), await openBindingKey(store), await openBindingKey(new MemoryDeviceStore())];
    expect(again.publicKey).toEqual(first.publicKey);
    expect(other.publicKey).not.toEqual(first.publicKey);
    const message = utf8('a labelled message');
    expect(nobleVerifier.verify(first.publicKey, message, again.sign(message))).toBe(true);
  });
});
