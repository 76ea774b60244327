import { recordErased } from '@strongroom/contracts';
import { accountStatus, ByteWriter, lastOkOf, settledState, toHex, type AccountPolicy } from '@strongroom/protocol';
import { createHash } from 'node:crypto';
import type { SimMachine } from '../node/sim-machine.js';
import type { Ledger } from './ledger.js';

type Accuse = (rule: string, story: string) => void;

/** A node that asks its peers within this may still have missed a confirmation. */
const ASKING_MS = 4_000;

/** Nothing is destroyed that a confirmation, acknowledged a while ago, still needs (PROTOCOL 6.6). */
export class EraseRules {
  constructor(
    private readonly ledger: Ledger,
    private readonly policy: AccountPolicy,
    private readonly nowMs: () => number,
    private readonly accuse: Accuse,
  ) {}

  erased(machine: SimMachine, data: unknown): void {
    const { record, reason } = recordErased.data.parse(data);
    const node = machine.running?.node;
    if (reason !== 'locked' || !node) return;
    for (const known of this.ledger.accounts) {
      const version = known.account.versions.find(({ hash }) => tagOf(hash) === record);
      if (version === undefined) continue;
      const log = node.engine.account(known.account.uid);
      const lastOk = Math.max(lastOkOf(log), known.lastConfirmedBefore(this.nowMs() - ASKING_MS));
      const settled = settledState(log.state, lastOk, this.nowMs() + machine.skewMs, this.policy);
      if (settled.active?.ver === version.ver && accountStatus(settled, lastOk, this.policy) !== 'locked')
        this.accuse(
          '6.6',
          `node ${machine.self} erased version ${version.ver} of account ${known.account.name} although confirmation ${lastOk} was acknowledged`,
        );
    }
  }
}

/** As node events name a record. */
function tagOf(recordHash: Uint8Array): string {
  const message = ByteWriter.labelled('event-record').raw(recordHash).bytes();
  return toHex(createHash('sha256').update(message).digest()).slice(0, 16);
}
