import type { Windows } from '../trust-root/trust-root.js';

/**
 * What the caller wants of the bundle, which says how much it needs the witnesses (TRANSPARENCY 3, steps 11 and 14).
 * `register`: gives keys its trust that it will seal secrets to. `recover`: asks nodes for what was entrusted to them.
 * `carry`: passes it on to others who check for themselves. `history`: asks who the members were at its time.
 */
export type Purpose = 'register' | 'recover' | 'carry' | 'history';

export type WitnessDemand = {
  /** How old the quorum's oldest cosignature may be, or `undefined` where age does not count. */
  readonly maxAgeDays: (windows: Windows) => number | undefined;
  /**
   * Without the witnesses' word: `always` refuse, refuse what is not `new` to the caller alone, or `never`. An outage of
   * witnesses then locks nobody out of a fleet that the client has pinned.
   */
  readonly refuses: 'always' | 'new' | 'never';
};

export const WITNESS_DEMANDS: Readonly<Record<Purpose, WitnessDemand>> = {
  register: { maxAgeDays: ({ registerMaxAgeDays }) => registerMaxAgeDays, refuses: 'always' },
  recover: { maxAgeDays: ({ recoverMaxAgeDays }) => recoverMaxAgeDays, refuses: 'new' },
  carry: { maxAgeDays: ({ recoverMaxAgeDays }) => recoverMaxAgeDays, refuses: 'never' },
  history: { maxAgeDays: () => undefined, refuses: 'always' },
};
