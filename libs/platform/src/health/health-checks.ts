import { within } from '../deadline/within.js';

export type HealthCheck = () => boolean | Promise<boolean>;

export interface HealthReport {
  readonly status: 'ok' | 'failing';
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>;
}

const CHECK_TIMEOUT_MS = 1_000;

/** Named yes-or-no questions about this process and what it depends on. Answers carry no detail: details are for the log. */
export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Asks all at once; a check that throws or takes longer than a second is failing. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await passes(check)] as const));
    const failing = results.some(([, ok]) => !ok);
    return {
      status: failing ? 'failing' : 'ok',
      checks: Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failing'])),
    };
  }
}

async function passes(check: HealthCheck): Promise<boolean> {
  try {
    return await within(Promise.resolve(check()), CHECK_TIMEOUT_MS, () => new Error('too late'));
  } catch {
    // Whatever went wrong, the answer to the question is no.
    return false;
  }
}
