import { ByteReader, ByteWriter, type Bytes } from '@strongroom/protocol';
import { createHash } from 'node:crypto';
import type { ChainMark } from '../log/chain.js';

/** Whom a rejoin question or answer is about. */
export interface RejoinSubject {
  readonly fleetId: string;
  readonly epoch: number;
  /** The rejoining node and its new incarnation. */
  readonly node: number;
  readonly incarnation: number;
  readonly nonce: Bytes;
}

export interface RejoinAnswer extends RejoinSubject {
  readonly answerer: number;
  /** What the answerer last saw of the rejoining node (PROTOCOL 7.2). */
  readonly seen: ChainMark;
  /** The incarnations that the answerer has stored for nodes 1..n. */
  readonly incarnations: readonly number[];
}

function subjectWriter(use: string, subject: RejoinSubject): ByteWriter {
  return ByteWriter.labelled(use).text(subject.fleetId).u32(subject.epoch).u8(subject.node).u32(subject.incarnation).raw(subject.nonce);
}

export function rejoinQuestionMessage(subject: RejoinSubject): Bytes {
  return subjectWriter('rejoin-question', subject).bytes();
}

/** lv(label) || subject || u8 answerer || u32 incarnation || u64 sequence || hash || u8 n || n times u32 incarnation. */
export function encodeRejoinAnswer(answer: RejoinAnswer): Bytes {
  const writer = subjectWriter('rejoin-answer', answer).u8(answer.answerer);
  writer.u32(answer.seen.incarnation).u64(answer.seen.sequence).raw(answer.seen.hash).u8(answer.incarnations.length);
  for (const incarnation of answer.incarnations) writer.u32(incarnation);
  return writer.bytes();
}

/** Strict inverse of `encodeRejoinAnswer`. @throws REQUEST_INVALID naming the field */
export function parseRejoinAnswer(bytes: Bytes): RejoinAnswer {
  const reader = new ByteReader(bytes);
  const fleetId = reader.label('rejoin-answer').text('fleetId');
  const subject = {
    epoch: reader.u32('epoch'),
    node: reader.u8('node'),
    incarnation: reader.u32('incarnation'),
    nonce: reader.raw('nonce', 32),
  };
  const answerer = reader.u8('answerer');
  const seen = { incarnation: reader.u32('seen'), sequence: reader.u64('seen'), hash: reader.raw('seen', 32) };
  const incarnations = Array.from({ length: reader.u8('incarnations') }, () => reader.u32('incarnations'));
  reader.end('rejoin answer');
  return { fleetId, ...subject, answerer, seen, incarnations };
}

/** What a peer signs for one page of its state. */
export function statePageMessage(
  fleet: { readonly fleetId: string; readonly epoch: number },
  answerer: number,
  nonce: Bytes,
  page: Bytes,
): Bytes {
  const digest = createHash('sha256').update(page).digest();
  return ByteWriter.labelled('state-page').text(fleet.fleetId).u32(fleet.epoch).u8(answerer).raw(nonce).raw(digest).bytes();
}
