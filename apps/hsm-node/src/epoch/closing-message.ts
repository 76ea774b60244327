import { ByteWriter, type Bytes } from '@strongroom/protocol';
import { createHash } from 'node:crypto';

/** Who asks, of the next epoch, about which epoch of the fleet. */
export interface ClosingSubject {
  readonly fleetId: string;
  /** The epoch that ends. */
  readonly epoch: number;
  /** The asker's index in the next epoch. */
  readonly node: number;
  readonly nonce: Bytes;
}

function subjectWriter(use: string, { fleetId, epoch, node, nonce }: ClosingSubject): ByteWriter {
  return ByteWriter.labelled(use).text(fleetId).u32(epoch).u8(node).raw(nonce);
}

export function closingQuestionMessage(subject: ClosingSubject): Bytes {
  return subjectWriter('closing-question', subject).bytes();
}

/** "I promise, vote, propose, evaluate and confirm nothing more in this epoch." */
export function closedMessage(subject: ClosingSubject, answerer: number): Bytes {
  return subjectWriter('closed', subject).u8(answerer).bytes();
}

/** What a node that closed signs for one page of its state. */
export function closedPageMessage(subject: ClosingSubject, answerer: number, page: Bytes): Bytes {
  const digest = createHash('sha256').update(page).digest();
  return subjectWriter('closed-page', subject).u8(answerer).raw(digest).bytes();
}
