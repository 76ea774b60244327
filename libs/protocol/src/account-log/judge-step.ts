import { equal } from '../encoding/bytes.js';
import type { LogValue } from '../entry/log-value.js';
import { invalid, type VaultError } from '../errors/protocol-error.js';
import { lastOkOf } from './account-log.js';
import { judgeValue } from './judge.js';
import type { Step } from './step.js';

/** Whether this node may vote for the value as the next entry of the account; the refusal, or null for none. */
export function judge(step: Step, logValue: LogValue, tokenExpired: boolean, freeChoice: boolean): VaultError | null {
  const { policy, verifier, nowMs, roster } = step.context;
  const { core } = logValue.entry;
  if (!equal(core.uid, step.account.uid) || core.fleetId !== roster.fleetId) return invalid('uid', 'is of another account or fleet');
  return judgeValue(step.account.state, logValue, {
    policy,
    verifier,
    roster,
    nowMs,
    tokenExpired,
    freeChoice,
    lastOk: lastOkOf(step.account),
  });
}
