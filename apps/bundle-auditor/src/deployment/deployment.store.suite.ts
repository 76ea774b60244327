import { describe, expect, it } from '@jest/globals';
import type { DeploymentRecord } from './deployment.store.js';

const DIGEST = 'a'.repeat(64);

/** What every DeploymentRecord must do. */
export function deploymentRecordSuite(make: () => Promise<DeploymentRecord>): void {
  describe('a record of deployments', () => {
    it('keeps the first envelope of a digest, whatever comes after it', async () => {
      const record = await make();
      expect(await record.byDigest(DIGEST)).toBeUndefined();
      await record.keep(DIGEST, '{"first":1}\n');
      await record.keep(DIGEST, '{"second":1}\n');
      expect(await record.byDigest(DIGEST)).toBe('{"first":1}\n');
    });
  });
}
