import { fromBase64url, nobleSigner, toBase64url, type RandomSource, type Signer } from '@strongroom/protocol';
import { z } from 'zod';
import type { DeviceStore } from '../device/device-store.js';
import { systemRandom } from '../platform/system-random.js';

const NAME = 'binding-key';
const stored = z.strictObject({ seed: z.string().length(43) });

/**
 * The Ed25519 key of this device that account tokens are bound to (RFC 7800 `cnf`): read from the device store, else
 * made and stored there. Whoever has it together with a token can ask the vault in this account's name, but opens
 * nothing. Applications with a keychain implement `Signer` on it instead.
 */
export async function openBindingKey(store: DeviceStore, random: RandomSource = systemRandom): Promise<Signer> {
  const text = await store.read(NAME);
  const seed = text === null ? random.bytes(32) : fromBase64url(stored.parse(JSON.parse(text)).seed, 'seed');
  if (text === null) await store.write(NAME, JSON.stringify({ seed: toBase64url(seed) }));
  const signer = nobleSigner(seed);
  seed.fill(0);
  return signer;
}
