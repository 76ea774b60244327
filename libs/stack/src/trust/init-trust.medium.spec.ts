import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSigningKey } from '@strongroom/platform';
import { parseTrustRoot } from '@strongroom/transparency';
import { initTrust, type TrustPlaces } from './init-trust.js';

describe('making the trust root', () => {
  let dir: string;
  let places: TrustPlaces;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'trust-'));
    places = {
      publisherDir: join(dir, 'publisher'),
      auditorDir: join(dir, 'auditor'),
      trustRootFile: join(dir, 'public', 'trust-root.json'),
      namespace: 'vault.example/dev',
    };
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  it('names the two keys that it made, each for its owner alone', async () => {
    const trustRoot = await initTrust(places);
    expect(parseTrustRoot(readFileSync(places.trustRootFile, 'utf8'))).toEqual(trustRoot);
    expect((await openSigningKey(places.publisherDir)).publicKey).toEqual(trustRoot.operator.publicKey);
    expect((await openSigningKey(places.auditorDir)).publicKey).toEqual(trustRoot.auditor.publicKey);
    for (const folder of [places.publisherDir, places.auditorDir]) expect(statSync(join(folder, 'signing-key')).mode & 0o777).toBe(0o600);
  });

  it('changes nothing the second time', async () => {
    const first = await initTrust(places);
    expect(await initTrust(places)).toEqual(first);
  });

  it('never replaces a trust root that names other keys', async () => {
    await initTrust(places);
    const text = readFileSync(places.trustRootFile, 'utf8');
    rmSync(places.auditorDir, { recursive: true });
    await expect(initTrust(places)).rejects.toThrow(/names other keys/);
    expect(readFileSync(places.trustRootFile, 'utf8')).toBe(text);
  });
});
