import { ByteReader } from '../encoding/byte-reader.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { invalid } from '../errors/protocol-error.js';

/** What every signed statement of a node begins with (PROTOCOL 4.6). */
export interface StatementHead {
  readonly fleetId: string;
  readonly epoch: number;
  readonly node: number;
  /** The incarnations that the signer has durably stored for nodes 1..n, its own included. */
  readonly incarnations: readonly number[];
}

export type StatementUse = 'vote' | 'promise' | 'account' | 'history';

/** lv(label) || lv(fleetId) || u32 epoch || u8 node || u8 n || n times u32 incarnation. */
export function writeHead(use: StatementUse, head: StatementHead): ByteWriter {
  const writer = ByteWriter.labelled(use).text(head.fleetId).u32(head.epoch).u8(head.node).u8(head.incarnations.length);
  for (const incarnation of head.incarnations) writer.u32(incarnation);
  return writer;
}

export function readHead(use: StatementUse, reader: ByteReader): StatementHead {
  const fleetId = reader.label(use).text('fleetId');
  const epoch = reader.u32('epoch');
  const node = reader.u8('node');
  const count = reader.u8('incarnations');
  if (node < 1 || node > count) throw invalid('node', 'is outside 1..n');
  const incarnations = Array.from({ length: count }, () => reader.u32('incarnations'));
  return { fleetId, epoch, node, incarnations };
}

/** The incarnation under which the signer speaks. */
export function ownIncarnation(head: StatementHead): number {
  return head.incarnations[head.node - 1] ?? 0;
}
