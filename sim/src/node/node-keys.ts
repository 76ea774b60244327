import type { KeyMaterial } from '../../../apps/hsm-node/dist/keystore/key-material.js';
import { SoftwareKeystore } from '../../../apps/hsm-node/dist/keystore/software-keystore.js';
import { SeededRandom } from '../random/seeded-random.js';

/** The keys of a machine, by its name; the same in every run. */
export function materialOf(name: string): KeyMaterial {
  const random = new SeededRandom(name);
  return { identitySeed: random.bytes(32), storageKey: random.bytes(32), hpke: [{ fromEpoch: 1, secret: random.bytes(32) }] };
}

/** The name of the machine that a fleet begins with in the place `node`. */
export function firstMachine(node: number): string {
  return `node ${node}`;
}

export function keystoreOf(material: KeyMaterial, random: SeededRandom): SoftwareKeystore {
  return new SoftwareKeystore(material, random, 'sealed-file');
}
