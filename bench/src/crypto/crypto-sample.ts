import { nodeSigner, SystemRandom } from '@strongroom/platform';
import {
  attemptId,
  encodeVote,
  nobleGroup,
  randomScalar,
  sealedSecretInfo,
  signBatch,
  signConfirmation,
  signEntry,
  type AttemptCore,
  type BatchHead,
  type Bytes,
  type DleqStatement,
  type Entry,
  type FleetRoster,
  type RandomSource,
  type SignedStatement,
  type Signer,
} from '@strongroom/protocol';
import sodium from 'libsodium-wrappers-sumo';
import { sealNow } from '../../../apps/hsm-node/dist/keystore/native-hpke.js';
import { loadSodiumGroup, type SodiumGroup } from '../../../apps/hsm-node/dist/evaluation/sodium-group.js';

/** One attempt of one account in a made-up fleet, with all that the measured functions take. */
export interface CryptoSample {
  readonly group: SodiumGroup;
  readonly random: RandomSource;
  readonly roster: FleetRoster;
  readonly entry: Entry;
  readonly signer: Signer;
  readonly share: Bytes;
  readonly secretShare: Bytes;
  readonly statement: DleqStatement;
  readonly head: BatchHead;
  readonly vote: Bytes;
  readonly signedVote: SignedStatement;
  readonly confirmPk: Bytes;
  readonly confirmation: Bytes;
  readonly seal: () => Bytes;
}

/** Works on what a node works on, by the functions that a node uses. */
export async function cryptoSample({ n, t, q }: { readonly n: number; readonly t: number; readonly q: number }): Promise<CryptoSample> {
  const random = new SystemRandom();
  const group = await loadSodiumGroup();
  const [binding, signer, confirm] = [nodeSigner(random.bytes(32)), nodeSigner(random.bytes(32)), nodeSigner(random.bytes(32))];
  const [uid, share, secretShare] = [random.bytes(32), randomScalar(random), randomScalar(random)];
  const blinded = nobleGroup.multiplyBase(randomScalar(random));
  const ephemeralKey = sodium.crypto_box_keypair().publicKey;
  const core: AttemptCore = {
    kind: 'attempt',
    fleetId: 'bench',
    uid,
    ver: 1,
    blinded,
    ephemeralKey,
    bindingKey: binding.publicKey,
    nonce: random.bytes(16),
  };
  const context = { fleetId: 'bench', epoch: 1, node: 1, uid, ver: 1, index: 2, attemptId: attemptId(core) };
  const members = Array.from({ length: n }, (_, i) => ({ index: i + 1, identityKey: signer.publicKey }));
  const roster: FleetRoster = { fleetId: 'bench', epoch: 1, n, t, q, attempts: 10, members };
  const vote = encodeVote({
    ...{ fleetId: 'bench', epoch: 1, node: 1, incarnations: Array.from({ length: n }, () => 1), uid, index: 2 },
    ...{ ballot: { round: 0, node: 1, incarnation: 1 }, valueHash: random.bytes(32), spent: 1, lastOk: 0, recordHash: random.bytes(32) },
  });
  const head = { node: 1, incarnation: 1, sequence: 1, previous: random.bytes(32) };
  const [signedVote] = signBatch(roster, head, [vote], signer).statements;
  if (signedVote === undefined) throw new RangeError('a batch of one vote has one statement');
  return {
    ...{ group, random, roster, signer, share, secretShare, head, vote, signedVote },
    entry: { ...signEntry(core, binding, null), token: 'a.b.c' },
    statement: { publicShare: group.multiplyBase(share), blinded, evaluated: group.multiply(blinded, share), context },
    confirmPk: confirm.publicKey,
    confirmation: signConfirmation(confirm, context),
    seal: () => sealNow(ephemeralKey, secretShare, sealedSecretInfo(context), new Uint8Array(0), random),
  };
}
