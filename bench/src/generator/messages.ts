/** What the generator is told, once, when it starts. */
export interface Plan {
  readonly gatewayUrl: string;
  /** Text of trust-root.json. */
  readonly trustRoot: string;
  readonly accounts: number;
  readonly concurrency: number;
  /** Attempts made ready per account before the load begins. */
  readonly preparedPerAccount: number;
  readonly warmupMs: number;
  /** The measurement ends after this time ... */
  readonly measureMs: number | null;
  /** ... or after this many recoveries. */
  readonly recoveries: number | null;
  /** The answers of every this many recoveries are kept and verified completely after the measurement. */
  readonly verifyEvery: number;
}

/** The last word of a generator that did its work. Latencies are milliseconds, one of each per recovery. */
export interface GeneratorResult {
  readonly kind: 'result';
  readonly elapsedMs: number;
  readonly attemptMs: readonly number[];
  readonly confirmMs: readonly number[];
  readonly totalMs: readonly number[];
  /** By error code, over warm-up and measurement. */
  readonly failures: Readonly<Record<string, number>>;
  /** Recoveries whose every vote, proof and secret was checked and whose backup key was compared. */
  readonly verified: number;
  /** Processor time of the generator during the measurement. */
  readonly generatorMs: number;
  /** Attempts that were made during the load because those made ready were used up. */
  readonly madeLate: number;
}

/** What the generator says. */
export type Said =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured' }
  | { readonly kind: 'failed'; readonly reason: string }
  | GeneratorResult;

const KINDS: readonly unknown[] = ['progress', 'measuring', 'measured', 'failed', 'result'] satisfies readonly Said['kind'][];

/** Both ends of the channel are of one build, and nobody else has it: the kind tells the rest. */
export function isSaid(message: unknown): message is Said {
  return typeof message === 'object' && message !== null && 'kind' in message && KINDS.includes(message.kind);
}

export function isPlan(message: unknown): message is Plan {
  return typeof message === 'object' && message !== null && 'gatewayUrl' in message && 'trustRoot' in message;
}
