import type { Policy } from '../policy/policy.js';
import type { Vkey } from '../vkey/vkey.js';
import type { Custodians } from './custodians.js';

/** How old the witnesses' word may be (TRANSPARENCY 3, step 14), in days. */
export type Windows = { readonly registerMaxAgeDays: number; readonly recoverMaxAgeDays: number };

export const DEFAULT_WINDOWS: Windows = { registerMaxAgeDays: 7, recoverMaxAgeDays: 30 };

/** The log of the bundles, and whose word that it shows everybody the same is enough. */
export type TrustedLog = {
  /** Its name is the log's origin. */
  readonly vkey: Vkey;
  /** The log of the deployment evidence (TRANSPARENCY 5). */
  readonly evidence?: Vkey | undefined;
  /** Witnesses, groups and quorum of a C2SP tlog-policy; it lists no logs, because those stand above with their roles. */
  readonly witnesses: Policy;
};

/** Whose signatures put version N+1 in the place of version N. */
export type RotationKeys = { readonly threshold: number; readonly keys: readonly Vkey[] };

/** What a client ships with and trusts from the start (TRANSPARENCY 3). */
export type TrustRoot = {
  readonly version: number;
  readonly namespace: string;
  readonly operator: Vkey;
  readonly auditor: Vkey;
  /** Without one the steps of the log are skipped and nothing is called verified: for tests and trials. */
  readonly log?: TrustedLog | undefined;
  /** Without them no version follows this one: a client gets the next by an update of its own. */
  readonly rotation?: RotationKeys | undefined;
  readonly windows: Windows;
  /** With them no bundle announces a fleet that they have not signed for; without, `deployment` says `none`. */
  readonly custodians?: Custodians | undefined;
};
