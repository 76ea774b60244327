import { equal, lastOkOf, stateHash, VaultError, type AccountLog } from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { AccountLeaf } from './account-leaf.js';

/**
 * What a peer's word of an account is to this node: `lacks` where the peer is further on, `differs` where both are at one
 * place and say different things of it, `unreadable` where this node cannot read its own row.
 */
export type AccountGap = 'none' | 'lacks' | 'differs' | 'unreadable';

export function gapOf(engine: Pick<LogEngine, 'account'>, { uid, index, lastOk, stateHash: theirs }: AccountLeaf): AccountGap {
  let account: AccountLog;
  try {
    account = engine.account(uid);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return 'unreadable';
  }
  const [ownIndex, ownLastOk] = [account.state.index, lastOkOf(account)];
  if (index > ownIndex || lastOk > ownLastOk) return 'lacks';
  if (index < ownIndex || lastOk < ownLastOk) return 'none';
  return equal(stateHash(account.state), theirs) ? 'none' : 'differs';
}
