import { describe, expect, it } from '@jest/globals';
import type { PublicAnswer } from '@strongroom/tlog';
import { MemoryBundleStore } from './bundle.memory.js';
import { publishedRoute } from './published-route.js';

describe('the door of published bundles', () => {
  const store = new MemoryBundleStore();
  const ask = async (path: string, method = 'GET'): Promise<PublicAnswer | undefined> =>
    publishedRoute(store)({ method, path, takesGzip: false, body: () => Promise.reject(new Error('not read')) });

  it('gives each bundle as it was published', async () => {
    await store.publish({ epoch: 1, digest: 'a'.repeat(64), note: 'the proof\n' });
    expect(await ask('/bundles/1')).toMatchObject({ status: 200, body: 'the proof\n' });
    expect(await ask('/bundles/2')).toMatchObject({ status: 404 });
    expect(await ask('/bundles/1', 'POST')).toMatchObject({ status: 405 });
  });

  it.each(['/bundles', '/bundles/', '/bundles/0', '/bundles/01', '/bundles/1/', '/bundles/-1', '/bundles/9999999999', '/log/checkpoint'])(
    'knows nothing of %s',
    async (path) => {
      expect(await ask(path)).toBeUndefined();
    },
  );
});
