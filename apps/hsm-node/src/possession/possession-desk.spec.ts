import { describe, expect, it } from '@jest/globals';
import { nodeSigner, nodeVerifier } from '@strongroom/platform';
import { possessionMessage } from '@strongroom/transparency';
import { bytesOf } from '../node/account.fixture.js';
import { PossessionDesk } from './possession-desk.js';

describe('a node that is asked for its key', () => {
  const signer = nodeSigner(bytesOf('identity'));
  const software = { software: '0.1.0', artifacts: { 'apps/hsm-node': '1'.repeat(64), libs: '2'.repeat(64) } };
  const desk = new PossessionDesk({ fleetId: 'main', epoch: 3, self: 2 }, software, signer);
  const nonce = bytesOf('nonce');
  const { signature, ...said } = desk.answer({ nonce });
  const holds = (changes: object, asked = nonce): boolean =>
    nodeVerifier.verify(signer.publicKey, possessionMessage({ fleetId: 'main', node: 2, ...said, ...changes }, asked), signature);

  it('signs the nonce with its place and what it runs', () => {
    expect(said).toEqual({ epoch: 3, ...software });
    expect(holds({})).toBe(true);
  });

  it.each([
    ['fleet', { fleetId: 'other' }],
    ['epoch', { epoch: 2 }],
    ['node', { node: 3 }],
    ['version', { software: '0.1.1' }],
    ['software', { artifacts: { ...software.artifacts, libs: '3'.repeat(64) } }],
  ])('says nothing that holds for another %s', (_what, changes) => {
    expect(holds(changes)).toBe(false);
  });

  it('says nothing that holds for another nonce', () => {
    expect(holds({}, bytesOf('another nonce'))).toBe(false);
  });
});
