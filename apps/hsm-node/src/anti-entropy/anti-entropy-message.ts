import type { peerDigests, peerRange, RequestOf } from '@strongroom/contracts';
import { ByteWriter, type Bytes } from '@strongroom/protocol';
import { createHash } from 'node:crypto';

type Unsigned<Request> = Omit<Request, 'signature'>;
export type DigestsQuestion = Unsigned<RequestOf<typeof peerDigests>>;
export type RangeQuestion = Unsigned<RequestOf<typeof peerRange>>;

/** What whoever asks signs, for this one peer. */
export function digestsQuestionMessage(question: DigestsQuestion, answerer: number): Bytes {
  const writer = questionWriter('digests-question', question, answerer);
  return (question.group === null ? writer.u8(0) : writer.u8(1).u8(question.group)).bytes();
}

export function rangeQuestionMessage(question: RangeQuestion, answerer: number): Bytes {
  const writer = questionWriter('range-question', question, answerer).u16(question.range);
  return (question.after === null ? writer.u8(0) : writer.u8(1).raw(question.after)).bytes();
}

/** What the peer signs: the question with its nonce, and what it says. @param question the message that was signed by who asked */
export function answerMessage(use: 'digests-answer' | 'range-answer', question: Bytes, said: Bytes): Bytes {
  return ByteWriter.labelled(use).raw(sha256(question)).raw(sha256(said)).bytes();
}

function questionWriter(use: string, { fleetId, epoch, node, nonce }: Omit<DigestsQuestion, 'group'>, answerer: number): ByteWriter {
  return ByteWriter.labelled(use).text(fleetId).u32(epoch).u8(node).u8(answerer).raw(nonce);
}

function sha256(bytes: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
