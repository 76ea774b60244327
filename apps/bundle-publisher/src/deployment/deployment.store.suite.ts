import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SignedDeployment } from './deployment.js';
import type { DeploymentStore } from './deployment.store.js';

const signed = (digit: string, predecessor = 'none'): SignedDeployment => ({
  digest: digit.repeat(64),
  predecessor,
  envelope: `{"${digit}":1}\n`,
});

/** What every DeploymentStore must do. */
export function deploymentStoreSuite(make: () => Promise<DeploymentStore>): void {
  describe('a deployment store', () => {
    let store: DeploymentStore;
    beforeEach(async () => {
      store = await make();
    });

    it('has nothing at first', async () => {
      expect(await store.byDigest('a'.repeat(64))).toBeUndefined();
      expect(await store.following('none')).toEqual([]);
    });

    it('keeps the first of a digest, whatever comes after it', async () => {
      await store.keep(signed('a'));
      await store.keep({ ...signed('a'), envelope: '{}' });
      expect(await store.byDigest('a'.repeat(64))).toEqual(signed('a'));
    });

    it('shows what follows a statement, newest first', async () => {
      const first = `sha256:${'a'.repeat(64)}`;
      for (const each of [signed('a'), signed('b', first), signed('c', first)]) await store.keep(each);
      expect(await store.following(first)).toEqual([signed('c', first), signed('b', first)]);
      expect(await store.following('none')).toEqual([signed('a')]);
    });
  });
}
