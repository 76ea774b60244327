import { toHex, type Bytes } from '@strongroom/protocol';

/** Lets one change of an account's versions end before the next begins; different accounts do not wait for each other. */
export class AccountTurns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @param uid account id, 32 bytes */
  take<T>(uid: Bytes, turn: () => Promise<T>): Promise<T> {
    const account = toHex(uid);
    const before = this.last.get(account) ?? Promise.resolve();
    // Whoever made the earlier change hears of its failure; this one starts either way.
    const result = before.then(turn, turn);
    this.last.set(account, result);
    const forget = (): void => {
      if (this.last.get(account) === result) this.last.delete(account);
    };
    result.then(forget, forget);
    return result;
  }
}
