import {
  nodeHeartbeat,
  peerAttest,
  peerFetchSets,
  peerOfferSets,
  peerRejoin,
  peerState,
  recordStage,
  type RequestOf,
  type ResponseOf,
} from '@strongroom/contracts';
import { encodeMessage } from '@strongroom/platform';
import { ByteWriter, type Bytes } from '@strongroom/protocol';
import { encodeRejoinAnswer, statePageMessage } from '../../../apps/hsm-node/dist/peers/rejoin-message.js';
import type { SimBus } from '../network/sim-bus.js';
import type { FaultCounts } from '../run/faults.js';
import type { CorruptSpeech } from './corrupt-speech.js';

const HEARTBEAT_MS = 250;
const PAGE_BYTES = 800 * 1024;
const NOTHING: Bytes = new Uint8Array(32);

/** What a corrupt node says to peers that ask: it looks alive, and knows nothing newer of anybody. */
export class CorruptDesk {
  constructor(
    private readonly bus: SimBus,
    private readonly speech: CorruptSpeech,
    private readonly faults: FaultCounts,
  ) {}

  async start(): Promise<void> {
    const { bus, speech } = this;
    const { fleetId } = speech.roster;
    const at = { node: `${fleetId}-${speech.self}` };
    await bus.serve(peerRejoin, (question) => this.answerRejoin(question), at);
    await bus.serve(peerState, ({ nonce }) => this.emptyPage(nonce), at);
    await bus.serve(peerAttest, ({ uid, nonce }) => this.attestNothing(uid, nonce), at);
    await bus.serve(peerFetchSets, () => ({ sets: [], confirmation: null }), at);
    await bus.serve(peerOfferSets, () => ({}), at);
    await bus.serve(recordStage, () => ({ staged: true as const }), at);
    let sequence = 0;
    setInterval(
      () => bus.broadcast(nodeHeartbeat, fleetId, { node: speech.self, incarnation: 1, ready: true, sequence: ++sequence }),
      HEARTBEAT_MS,
    );
  }

  /** Answers any incarnation, and has never seen the asker nor anybody else. */
  private answerRejoin({ fleetId, epoch, node, incarnation, nonce }: RequestOf<typeof peerRejoin>): ResponseOf<typeof peerRejoin> {
    this.faults.lie += 1;
    const { self, roster, signer } = this.speech;
    const seen = { incarnation: 0, sequence: 0, hash: NOTHING };
    const incarnations = roster.members.map(({ index }) => (index === node ? incarnation : 0));
    const answer = encodeRejoinAnswer({ fleetId, epoch, node, incarnation, nonce, answerer: self, seen, incarnations });
    return { answer, signature: signer.sign(answer) };
  }

  private emptyPage(nonce: Bytes): { page: Bytes; signature: Bytes } {
    const { self, roster, signer } = this.speech;
    const page = encodeMessage({ accounts: [], next: null }, PAGE_BYTES);
    return { page, signature: signer.sign(statePageMessage(roster, self, nonce, page)) };
  }

  private attestNothing(uid: Bytes, nonce: Bytes): { index: number; confirmation: null; signature: Bytes } {
    this.faults.lie += 1;
    const { self, roster, signer } = this.speech;
    const message = ByteWriter.labelled('attestation').text(roster.fleetId).u32(roster.epoch).u8(self).raw(nonce).raw(uid);
    return { index: 0, confirmation: null, signature: signer.sign(message.u32(0).u32(0).bytes()) };
  }
}
