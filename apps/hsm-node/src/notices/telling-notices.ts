import type { KeeperEvents } from '../account/share-keeper.js';
import type { AccountNotices } from './account-notices.js';

/** As `events`, and what an application should know of is told to it as well. A version that a newer one replaced was told of with that one. */
export function tellingNotices(events: KeeperEvents, notices: Pick<AccountNotices, 'over'>): KeeperEvents {
  return {
    ...events,
    locked: (uid, recordHash, eraseAtMs) => {
      events.locked(uid, recordHash, eraseAtMs);
      notices.over(uid, 'record-locked', 'attempt');
    },
    erased: (uid, recordHash, reason) => {
      events.erased(uid, recordHash, reason);
      if (reason === 'locked') notices.over(uid, 'record-erased', 'attempt');
      if (reason === 'deleted') notices.over(uid, 'record-erased', 'delete');
    },
  };
}
