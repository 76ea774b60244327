/** Defaults of the node (PROTOCOL 5.3, 6.6): a run covers days because idle time is skipped, not because rules are shortened. */
export const COOL_DOWN_MS: number = 24 * 3_600_000;
export const ERASE_DEADLINE_MS = 600_000;
export const STAGED_MS = 3_600_000;
export const DELAYS_MS: readonly number[] = [60_000, 300_000, 900_000];
export const REPAIR_PER_SECOND = 50;
export const REFRESH_PER_SECOND = 50;
export const FLEET_ID = 'sim';
/** For runs that are told to compare accounts; the others do not, so that their seeds stay what they were. */
export const ANTI_ENTROPY = { intervalMs: 5_000, accounts: 4 } as const;
