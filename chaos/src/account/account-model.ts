import type { AccountStatus } from '@strongroom/protocol';

/** The record that is alive: by the operation that registered it. */
export interface ModelVersion {
  readonly code: string;
  readonly key: string;
  /** Undefined when no client was ever told. */
  readonly version: number | undefined;
}

/** One account as if a single honest counter kept it (PROTOCOL 4.4, 5.3, 6.1): what the fleet must look like from outside. */
export interface ModelAccount {
  readonly active: ModelVersion | null;
  readonly everRegistered: boolean;
  /** A registration over a deleted record gives a fresh budget once per cool-down; no run is as long as one. */
  readonly freshBudgetUsed: boolean;
  /** Attempts that count, oldest first: the operation that may still confirm it, or null for one that nobody will. */
  readonly counted: readonly (number | null)[];
}

export const EMPTY: ModelAccount = { active: null, everRegistered: false, freshBudgetUsed: false, counted: [] };

/** What may happen to an account in one moment. Null: it cannot happen in this state. */
export type Transition = (account: ModelAccount) => ModelAccount | null;

export interface AccountModel {
  register(version: ModelVersion): Transition;
  /** @param expects what the attempt turned out to be, where somebody knows */
  attempt(code: string, owner: number | null, expects?: AttemptExpectation): Transition;
  confirm(owner: number): Transition;
  delete(): Transition;
  isLocked(account: ModelAccount): boolean;
  read(account: ModelAccount): ModelView;
}

export type AttemptExpectation =
  { readonly kind: 'right'; readonly key: string; readonly version: number } | { readonly kind: 'wrong'; readonly attemptsLeft: number };

export interface ModelView {
  readonly status: AccountStatus;
  readonly version: number | undefined;
  readonly attemptsLeft: number;
}

/** @param attempts N of the fleet */
export function accountModel(attempts: number): AccountModel {
  const isLocked = ({ active, counted }: ModelAccount): boolean => active !== null && counted.length >= attempts;
  return {
    isLocked,
    register: (version) => (account) => {
      const registered = { ...account, active: version, everRegistered: true };
      // The device holds the owner key of what is alive, so its registration replaces it with a fresh budget.
      if (account.active !== null || !account.everRegistered) return { ...registered, counted: [] };
      if (!account.freshBudgetUsed) return { ...registered, freshBudgetUsed: true, counted: [] };
      return account.counted.length < attempts ? registered : null;
    },
    attempt: (code, owner, expects) => (account) => {
      const { active, counted } = account;
      if (active === null || isLocked(account)) return null;
      const right = active.code === code;
      if (expects?.kind === 'right' && !(right && active.key === expects.key && isVersion(active, expects.version))) return null;
      if (expects?.kind === 'wrong' && (right || attempts - counted.length - 1 !== expects.attemptsLeft)) return null;
      return { ...account, counted: [...counted, right ? owner : null] };
    },
    confirm: (owner) => (account) => {
      const at = account.counted.indexOf(owner);
      return at < 0 ? account : { ...account, counted: account.counted.slice(at + 1) };
    },
    delete: () => (account) => (account.active === null ? null : { ...account, active: null }),
    read: (account) => ({
      status: account.active === null ? (account.everRegistered ? 'deleted' : 'none') : isLocked(account) ? 'locked' : 'active',
      version: account.active === null ? 0 : account.active.version,
      attemptsLeft: account.active === null ? 0 : attempts - account.counted.length,
    }),
  };
}

function isVersion({ version }: ModelVersion, said: number): boolean {
  return version === undefined || version === said;
}
