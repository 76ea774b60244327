/** Far more than one index ever needs: rounds grow by one. */
export const ROUNDS_PER_EPOCH: number = 2 ** 32;

/** Ballot 0 of an epoch, which belongs to the home node's first incarnation (PROTOCOL 4.2). 0 in epoch 1. */
export function firstRound(epoch: number): number {
  return (epoch - 1) * ROUNDS_PER_EPOCH;
}

/** The epoch that a round belongs to, from 1. */
export function epochOfRound(round: number): number {
  return Math.floor(round / ROUNDS_PER_EPOCH) + 1;
}

/** Whether it is ballot 0 of its epoch. */
export function isFirstRound(round: number): boolean {
  return round % ROUNDS_PER_EPOCH === 0;
}
