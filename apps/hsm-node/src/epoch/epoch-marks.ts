import { decodeMessage, encodeMessage } from '@strongroom/platform';
import { utf8 } from '@strongroom/protocol';
import { z } from 'zod';
import type { NodeStore } from '../storage/node-store.js';

const TABLE = 'epochs';
const MAX_BYTES = 64;
const marksSchema = z.strictObject({ closed: z.int().min(0), opened: z.int().min(0) });

/** How far this node has come from epoch to epoch of its fleet, on disk (PROTOCOL 7.5). */
export class EpochMarks {
  private marks: z.output<typeof marksSchema>;

  constructor(
    private readonly store: NodeStore,
    private readonly fleetId: string,
  ) {
    const row = store.get(TABLE, utf8(fleetId));
    this.marks = row === null ? { closed: 0, opened: 0 } : decodeMessage(row, MAX_BYTES, marksSchema);
  }

  /** Whether this node signed that it does nothing more in the epoch. It never does anything in it again. */
  isClosed(epoch: number): boolean {
    return this.marks.closed >= epoch;
  }

  /** The first epoch of a fleet has nothing before it. */
  isOpen(epoch: number): boolean {
    return epoch === 1 || this.marks.opened >= epoch;
  }

  close(epoch: number): Promise<void> {
    return this.keep({ ...this.marks, closed: Math.max(this.marks.closed, epoch) });
  }

  open(epoch: number): Promise<void> {
    return this.keep({ ...this.marks, opened: Math.max(this.marks.opened, epoch) });
  }

  /** Durable before anybody is told. */
  private async keep(marks: z.output<typeof marksSchema>): Promise<void> {
    await this.store.commit([{ table: TABLE, key: utf8(this.fleetId), value: encodeMessage(marks, MAX_BYTES) }]);
    this.marks = marks;
  }
}
