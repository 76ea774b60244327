import { peerAttest, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import {
  ByteWriter,
  memberKey,
  type Bytes,
  type FleetRoster,
  type RandomSource,
  type SignatureVerifier,
  type Signer,
} from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { CatchUp } from '../peers/catch-up.js';
import type { PeerCalls } from '../peers/peer-calls.js';

/** Asks peers whether they know more of an account than this node, before it destroys anything (PROTOCOL 6.6). */
export class Attestation {
  constructor(
    private readonly engine: LogEngine,
    private readonly peers: PeerCalls,
    private readonly catchUp: CatchUp,
    private readonly roster: FleetRoster,
    private readonly self: number,
    private readonly signer: Signer,
    private readonly verifier: SignatureVerifier,
    private readonly random: RandomSource,
  ) {}

  /** @returns whether q nodes, this one included, know nothing that this node has not taken over by now */
  async confirmNewest(uid: Bytes): Promise<boolean> {
    const nonce = this.random.bytes(32);
    const answers = await this.peers.askAll(peerAttest, { uid, nonce });
    let agreeing = 1;
    for (const { node, answer } of answers) {
      if (!this.verifier.verify(memberKey(this.roster, node), this.message(node, nonce, uid, answer), answer.signature)) continue;
      if (answer.index > this.engine.account(uid).state.index) await this.catchUp.fetch(uid, node);
      if (answer.confirmation !== null) await this.engine.post(uid, { kind: 'confirm', confirmation: answer.confirmation });
      // What the peer signed is the number alone: a confirmation that came here spoiled is one that was not taken over.
      const { state, confirmation } = this.engine.account(uid);
      if (answer.index <= state.index && (answer.confirmation?.index ?? 0) <= (confirmation?.index ?? 0)) agreeing += 1;
    }
    return agreeing >= this.roster.q;
  }

  /** Serves `peerAttest`. */
  answer({ uid, nonce }: RequestOf<typeof peerAttest>): ResponseOf<typeof peerAttest> {
    const { state, confirmation } = this.engine.account(uid);
    const said = { index: state.index, confirmation };
    return { ...said, signature: this.signer.sign(this.message(this.self, nonce, uid, said)) };
  }

  private message(node: number, nonce: Bytes, uid: Bytes, said: Omit<ResponseOf<typeof peerAttest>, 'signature'>): Bytes {
    const writer = ByteWriter.labelled('attestation').text(this.roster.fleetId).u32(this.roster.epoch).u8(node).raw(nonce).raw(uid);
    return writer
      .u32(said.index)
      .u32(said.confirmation?.index ?? 0)
      .bytes();
  }
}
