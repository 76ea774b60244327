import { peerRejoin, type RequestOf } from '@strongroom/contracts';
import type { Log } from '@strongroom/platform';
import { equal, memberKey, VaultError, type FleetRoster, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import type { ChainMark } from '../log/chain.js';
import type { PeerCalls } from './peer-calls.js';
import { parseRejoinAnswer, rejoinQuestionMessage, type RejoinAnswer, type RejoinSubject } from './rejoin-message.js';
import { ReportedValues } from './reported-values.js';

const MAX_INCARNATION_STEP = 65_536;

/** A peer knows this incarnation, or a higher one, already. */
export class IncarnationTaken extends Error {
  constructor(
    readonly highest: number,
    /** Whether the peer has seen a batch of it: one that this node does not remember. */
    readonly used: boolean,
  ) {
    super(`incarnation ${highest} is taken`);
  }
}

/** One question: whoever answers later than q others, or without end, is not waited for. */
export interface Question {
  readonly request: RequestOf<typeof peerRejoin>;
  readonly last: ChainMark;
  readonly underWay: Set<number>;
  readonly answeredBy: Set<number>;
  readonly reported: ReportedValues;
  /** What was reported is on its way to the disk. */
  finishing: boolean;
  over: boolean;
}

/** @param last how far this node remembers its own chain */
export function newQuestion(subject: RejoinSubject, last: ChainMark, roster: FleetRoster, signer: Signer): Question {
  const request = { ...subject, signature: signer.sign(rejoinQuestionMessage(subject)) };
  const heard = { underWay: new Set<number>(), answeredBy: new Set<number>(), reported: new ReportedValues(roster) };
  return { request, last, ...heard, finishing: false, over: false };
}

export interface QuestionPorts {
  readonly peers: PeerCalls;
  readonly roster: FleetRoster;
  readonly verifier: SignatureVerifier;
  readonly log: Log;
}

/** Asks one peer. @returns null when it gave no answer that is its own for this question. @throws IncarnationTaken */
export async function askPeer(
  node: number,
  request: RequestOf<typeof peerRejoin>,
  { peers, roster, verifier, log }: QuestionPorts,
): Promise<RejoinAnswer | null> {
  try {
    const { answer, signature } = await peers.ask(peerRejoin, node, request);
    const parsed = parseRejoinAnswer(answer);
    const mine = parsed.answerer === node && parsed.incarnation === request.incarnation && equal(parsed.nonce, request.nonce);
    if (!mine || parsed.node !== request.node || !verifier.verify(memberKey(roster, node), answer, signature)) {
      throw new VaultError('NODE_MISBEHAVED', 'the rejoin answer is not this peer’s for this question', { node });
    }
    return parsed;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const highest = error.metadata['incarnation'];
    // A refusal is not signed: it may send this node a little higher, never back and never to the end of the numbers.
    const near = typeof highest === 'number' && highest >= request.incarnation && highest < request.incarnation + MAX_INCARNATION_STEP;
    if (error.code === 'CONFLICT' && near) throw new IncarnationTaken(highest, error.metadata['sequence'] !== 0);
    log.debug({ event: 'rejoin.peer-silent', node, code: error.code });
    return null;
  }
}
