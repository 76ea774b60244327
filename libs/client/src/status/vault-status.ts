import type { AccountStatus } from '@strongroom/protocol';
import { agreeing, attemptsLeftOf, prevailing } from '../votes/account-view.js';
import type { AskedFleet } from './ask-nodes.js';

export interface VaultStatus {
  readonly fleetId: string;
  readonly status: AccountStatus;
  /** The version that can be recovered now, 0 for none. */
  readonly activeVersion: number;
  /** The highest version ever used. */
  readonly version: number;
  readonly attempts: number;
  /** From the nodes' signed statements, never from one party's word. */
  readonly attemptsLeft: number;
  /** When a pending change takes effect. */
  readonly pendingUntil: Date | null;
  /** Before this no node votes for a new attempt. */
  readonly retryAt: Date | null;
  /** Nodes whose signed answer was checked. */
  readonly answeredBy: readonly number[];
  /** Whether q of them say the same; otherwise some still catch up, and this is what most say. */
  readonly agreed: boolean;
}

/** What the signed statements say, in one object to show. */
export function statusOf({ view }: AskedFleet): VaultStatus {
  const { roster } = view;
  const said = prevailing(view);
  const same = agreeing(view, ({ status, activeVer, ver }) => status === said.status && activeVer === said.activeVer && ver === said.ver);
  return {
    fleetId: roster.fleetId,
    status: said.status,
    activeVersion: said.activeVer,
    version: said.ver,
    attempts: roster.attempts,
    attemptsLeft: said.activeVer === 0 ? 0 : attemptsLeftOf(view),
    pendingUntil: said.pendingAtMs === 0 ? null : new Date(said.pendingAtMs),
    retryAt: said.retryAtMs === 0 ? null : new Date(said.retryAtMs),
    answeredBy: view.statements.map(({ node }) => node).sort((a, b) => a - b),
    agreed: same !== undefined,
  };
}
