import { describe, expect, it } from '@jest/globals';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { expand } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { client, ready } from '@serenity-kit/opaque';
import { concat, fromBase64url, toBase64url, utf8, type Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { blind, finalize } from '../oprf/oprf.js';
import { combinePoints } from '../sharing/combine.js';
import { deal, randomScalar } from '../sharing/deal.js';
import type { KeyStretcher } from '../stretching/key-stretcher.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { randomizedPassword, recoverEnvelope, type EnvelopeIdentities } from './envelope.js';

const password = 'correct horse battery staple';
const cost = { iterations: 1, memory: 64, parallelism: 1 } as const;
const stretcher: KeyStretcher = {
  stretch: (input) =>
    Promise.resolve(argon2id(input, new Uint8Array(16), { t: cost.iterations, m: cost.memory, p: cost.parallelism, dkLen: 64 })),
};

/** Our threshold nodes in the role of the OPAQUE server: three of five evaluate, C_0 is the server's public key. */
function thresholdServer(seed: string): { readonly evaluate: (blinded: Bytes) => Bytes; readonly publicKey: Bytes } {
  const random = seededRandom(seed);
  const { shares, commitments } = deal(randomScalar(random), 3, 5, random);
  const evaluate = (blinded: Bytes): Bytes =>
    combinePoints([5, 1, 4].map((index) => ({ index, point: nobleGroup.multiply(blinded, shares[index - 1] ?? blinded) })));
  return { evaluate, publicKey: commitments[0] ?? new Uint8Array(0) };
}

/** client_public_key of RFC 9807 section 4.1.2, the client identity that OPAQUE uses when none is given. */
function clientPublicKey(randomized: Bytes, nonce: Bytes): Bytes {
  const seed = expand(sha512, randomized, concat(nonce, utf8('PrivateKey')), 32);
  return ristretto255_oprf.oprf.deriveKeyPair(seed, utf8('OPAQUE-DeriveDiffieHellmanKeyPair')).publicKey;
}

describe.each([undefined, { client: 'alice', server: 'vault' }])('a record made by @serenity-kit/opaque, identities %j', (identifiers) => {
  it('opens in ours with the same export key, and not with another password', async () => {
    await ready;
    const fleet = thresholdServer('interop');
    const start = client.startRegistration({ password });
    const response = concat(fleet.evaluate(fromBase64url(start.registrationRequest)), fleet.publicKey);
    const finished = client.finishRegistration({
      password,
      registrationResponse: toBase64url(response),
      clientRegistrationState: start.clientRegistrationState,
      keyStretching: { 'argon2id-custom': cost },
      ...(identifiers === undefined ? {} : { identifiers }),
    });
    const record = fromBase64url(finished.registrationRecord);
    expect(record).toHaveLength(192);
    const envelope = record.subarray(96);

    const open = async (typed: string): Promise<Bytes | undefined> => {
      const { blind: r, blindedElement } = blind(utf8(typed), seededRandom('blind'));
      const randomized = await randomizedPassword(finalize(utf8(typed), r, fleet.evaluate(blindedElement)), stretcher);
      const own = clientPublicKey(randomized, envelope.subarray(0, 32));
      const identities: EnvelopeIdentities = {
        serverPublicKey: fleet.publicKey,
        serverIdentity: identifiers === undefined ? fleet.publicKey : utf8(identifiers.server),
        clientIdentity: identifiers === undefined ? own : utf8(identifiers.client),
      };
      if (typed === password) expect(own).toEqual(record.subarray(0, 32));
      return recoverEnvelope(randomized, identities, envelope);
    };

    expect(await open(password)).toEqual(fromBase64url(finished.exportKey));
    expect(await open('correct horse battery stable')).toBeUndefined();
  });
});
