import type { Clock } from '@strongroom/platform';
import type { RandomSource } from '@strongroom/protocol';
import type { KeySlots } from '../storage/key-slots.js';
import type { NodeStore } from '../storage/node-store.js';

/** What a vault is made of. */
export interface VaultParts {
  readonly store: NodeStore;
  readonly slots: KeySlots;
  readonly clock: Clock;
  readonly random: RandomSource;
}
