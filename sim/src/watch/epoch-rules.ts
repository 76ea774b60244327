import { peerClosed } from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import { parsePromise, parseVote, type Bytes, type DecidedSet, type FleetRoster } from '@strongroom/protocol';
import { EpochMarks } from '../../../apps/hsm-node/dist/epoch/epoch-marks.js';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import type { SimMachine } from '../node/sim-machine.js';

type Accuse = (rule: string, story: string) => void;

/** An epoch that is closed stays closed, and the next one opens with q that closed it (PROTOCOL 7.5). */
export class EpochRules {
  /** The last epoch that each node has closed. */
  private readonly closed = new Map<number, number>();
  /** Who vouched to which asker that which epoch is closed. */
  private readonly vouchers = new Map<string, Set<number>>();

  constructor(
    private readonly roster: () => FleetRoster,
    private readonly accuse: Accuse,
  ) {}

  /** Another machine is in its place: it has closed nothing. */
  replaced(node: number): void {
    this.closed.delete(node);
  }

  hear({ node, signed, reports }: BatchMessage): void {
    const closed = this.closed.get(node) ?? 0;
    for (const [leaf, statement] of signed?.statements.entries() ?? []) {
      const { epoch } = reports.some((report) => report.leaf === leaf) ? parsePromise(statement) : parseVote(statement);
      if (epoch <= closed) this.accuse('7.5', `node ${node} closed epoch ${closed} and goes on in epoch ${epoch}`);
    }
  }

  vouched(node: number, request: Bytes): void {
    const { node: asker, epoch } = decodeMessage(request, peerClosed.maxBytes, peerClosed.request);
    const name = `${asker} ${epoch}`;
    this.vouchers.set(name, (this.vouchers.get(name) ?? new Set<number>()).add(node));
    if ((this.closed.get(node) ?? 0) < epoch)
      this.accuse('7.5', `node ${node} vouches that epoch ${epoch} is closed before its disk says so`);
  }

  durable({ self, running }: SimMachine): void {
    if (running === null) return;
    const { fleetId, epoch, q } = this.roster();
    const marks = new EpochMarks(running.store, fleetId);
    const epochs = Array.from({ length: epoch }, (_, i) => i + 1);
    const closed = Math.max(0, ...epochs.filter((one) => marks.isClosed(one)));
    this.closed.set(self, Math.max(closed, this.closed.get(self) ?? 0));
    const opened = Math.max(...epochs.filter((one) => marks.isOpen(one)));
    if (opened === 1) return;
    const by = new Set(this.vouchers.get(`${self} ${opened - 1}`));
    if (closed >= opened - 1) by.add(self);
    if (by.size < q) this.accuse('7.5', `node ${self} opens epoch ${opened} although only ${by.size} have closed the one before`);
  }

  /** @param before the set at the index before, at the same node */
  decided(node: number, before: DecidedSet, set: DecidedSet): void {
    const [then, now] = [before, set].map(({ votes }) => Math.max(0, ...votes.map(({ statement }) => parseVote(statement).epoch)));
    if (then !== undefined && now !== undefined && now < then)
      this.accuse('7.5', `node ${node} appends a decision of epoch ${now} behind one of epoch ${then}`);
  }
}
