import { accountNotice } from '@strongroom/contracts';
import type { Bus } from '@strongroom/platform';
import { accountNoticeMessage, type AccountLog, type Bytes, type NoticeKind, type Signer } from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { AccountEffect } from '../log/outgoing-batch.js';
import type { Roster } from '../roster/roster.js';

/** Tells the gateway, signed, what an application should tell its user of (PROTOCOL 4.8). At most once: nothing waits for it. */
export class AccountNotices {
  constructor(
    private readonly bus: Pick<Bus, 'broadcast'>,
    private readonly engine: LogEngine,
    private readonly roster: Roster,
    private readonly signer: Signer,
    private readonly nowMs: () => number,
  ) {
    engine.listen({ afterFlush: (effect, account) => this.follow(effect, account) });
  }

  /** By this node's own clock. @param cause the number is that of the last entry of this kind, alike at every node */
  over(uid: Bytes, kind: 'record-locked' | 'record-erased', cause: 'attempt' | 'delete'): void {
    const mark = this.engine.account(uid).state.marks.findLast((known) => known.kind === cause);
    this.say(uid, kind, mark?.index ?? 0, this.nowMs());
  }

  private follow({ uid, effect, quiet }: AccountEffect, { state }: AccountLog): void {
    if (effect.kind === 'decided' && effect.logValue.entry.core.kind !== 'reshare') {
      const kind = effect.logValue.entry.core.kind === 'attempt' ? 'attempt-used' : 'record-changed';
      this.say(uid, kind, effect.index, effect.logValue.stampMs);
    }
    if (effect.kind !== 'confirmed' || quiet) return;
    const { index } = effect.confirmation;
    const mark = state.marks.find((known) => known.index === index);
    if (mark !== undefined) this.say(uid, 'attempt-confirmed', index, mark.stampMs);
  }

  private say(uid: Bytes, kind: NoticeKind, number: number, atMs: number): void {
    const { fleetId, epoch, self: node } = this.roster;
    const signature = this.signer.sign(accountNoticeMessage({ fleetId, epoch, node, uid, kind, number, atMs }));
    this.bus.broadcast(accountNotice, fleetId, { epoch, node, uid, kind, number, atMs, signature });
  }
}
