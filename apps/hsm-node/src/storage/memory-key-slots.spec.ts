import { describe } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { behavesAsKeySlots } from './key-slots.suite.js';
import { MemoryKeySlots } from './memory-key-slots.js';

describe('key slots in memory', () => {
  behavesAsKeySlots(() => Promise.resolve(new MemoryKeySlots(new SystemRandom())));
});
