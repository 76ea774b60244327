import type { AccountStatus } from '@strongroom/protocol';

/** What a person asked the vault for. Codes and keys are names here: equal names stand for equal secrets. */
export type Request =
  | { readonly kind: 'register'; readonly code: string; readonly key: string }
  | { readonly kind: 'recover'; readonly code: string }
  | { readonly kind: 'status' }
  | { readonly kind: 'delete' };

/** What the client said in the end. `unknown`: it never learned whether what it asked for happened. */
export type Outcome =
  | { readonly kind: 'registered'; readonly version: number }
  | { readonly kind: 'recovered'; readonly key: string; readonly version: number }
  | { readonly kind: 'wrong'; readonly attemptsLeft: number }
  | { readonly kind: 'locked' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'status'; readonly status: AccountStatus; readonly activeVersion: number; readonly attemptsLeft: number }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'unknown'; readonly code: string };

/** One call of a client, as it was seen from outside. Times are milliseconds of one clock that only goes forward. */
export interface Operation {
  readonly id: number;
  /** Who called: one device does one thing at a time. */
  readonly by: string;
  readonly request: Request;
  readonly outcome: Outcome;
  readonly invokedAt: number;
  readonly returnedAt: number;
  /** Different entries that the call sent to the gateway, whatever became of them: each may be decided. */
  readonly entriesSent: number;
  /** Whether it sent a confirmation. */
  readonly confirmed: boolean;
}
