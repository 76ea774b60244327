import { MemoryBundleStore } from './bundle.memory.js';
import { bundleStoreSuite } from './bundle.store.suite.js';

bundleStoreSuite(async () => {
  const store = new MemoryBundleStore();
  return { store, events: async () => store.announced };
});
