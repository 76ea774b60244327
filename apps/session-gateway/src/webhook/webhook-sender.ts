import { NOTICE_KEPT_MS } from '@strongroom/contracts';
import type { Clock, Log } from '@strongroom/platform';
import type { Bytes, RandomSource, Secret } from '@strongroom/protocol';
import { webhookHeaders, type WebhookMessage } from './webhook-message.js';

/** Messages that wait; when there are more the oldest are given up. */
export const MAX_WAITING = 10_000;
/** One try, and the time after which a message is given up. */
export const TRY_MS = 15_000;
export const GIVE_UP_MS: number = NOTICE_KEPT_MS;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Posts at once while the receiver answers; one by one while it does not. */
const AT_ONCE = 8;

export type Post = (url: string, init: RequestInit) => Promise<Pick<Response, 'status' | 'headers' | 'body'>>;

export interface WebhookSenderOptions {
  readonly url: string;
  readonly secret: Secret<Bytes>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
  readonly post: Post;
  /** Calls back after `ms`, without keeping the process alive. @returns ends it */
  readonly later: (ms: number, work: () => void) => () => void;
  readonly counted: (outcome: 'delivered' | 'failed' | 'dropped') => void;
}

interface Waiting {
  readonly message: WebhookMessage;
  readonly sinceMs: number;
}

/**
 * Posts messages to one receiver, again and again until it takes them: at least once, in no order. It has a bounded queue
 * and a deadline of its own, and nobody waits for it.
 */
export class WebhookSender {
  private waiting: Waiting[] = [];
  private underWay = 0;
  private failures = 0;
  private pausedUntilMs = 0;
  private endPause: () => void = () => undefined;
  private stopped = false;
  private readonly ending = new AbortController();

  constructor(private readonly options: WebhookSenderOptions) {}

  get backlog(): number {
    return this.waiting.length + this.underWay;
  }

  send(message: WebhookMessage): void {
    if (this.stopped) return;
    this.waiting.push({ message, sinceMs: this.options.clock.nowMs() });
    if (this.waiting.length > MAX_WAITING) this.drop(this.waiting.splice(0, this.waiting.length - MAX_WAITING).length);
    this.pump();
  }

  /** What has not been delivered is lost with the process, except where the bus keeps notices. */
  stop(): void {
    this.stopped = true;
    this.endPause();
    this.ending.abort();
  }

  private pump(): void {
    const { clock } = this.options;
    const nowMs = clock.nowMs();
    const fresh = this.waiting.filter(({ sinceMs }) => nowMs - sinceMs < GIVE_UP_MS);
    this.drop(this.waiting.length - fresh.length);
    this.waiting = fresh;
    const limit = this.failures === 0 ? AT_ONCE : 1;
    while (!this.stopped && nowMs >= this.pausedUntilMs && this.underWay < limit) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.underWay += 1;
      void this.deliver(next);
    }
  }

  private async deliver(one: Waiting): Promise<void> {
    const outcome = await this.attempt(one.message);
    this.underWay -= 1;
    if (outcome === 'delivered') {
      this.failures = 0;
      this.options.counted('delivered');
    } else if (outcome === 'gone') {
      this.refusedForGood();
    } else {
      this.options.counted('failed');
      this.waiting.unshift(one);
      this.pause(outcome.retryAfterMs);
    }
    this.pump();
  }

  /** A redirect is a failure: the secret signs for the configured address alone. */
  private async attempt(message: WebhookMessage): Promise<'delivered' | 'gone' | { readonly retryAfterMs: number }> {
    const { url, secret, clock, post, log } = this.options;
    try {
      const headers = webhookHeaders(message, secret, clock.nowMs());
      const signal = AbortSignal.any([AbortSignal.timeout(TRY_MS), this.ending.signal]);
      const response = await post(url, { method: 'POST', headers, body: message.body, redirect: 'manual', signal });
      await response.body?.cancel();
      if (response.status >= 200 && response.status < 300) return 'delivered';
      log.warn({ event: 'webhook.refused', status: response.status });
      return response.status === 410 ? 'gone' : { retryAfterMs: retryAfterOf(response.headers) };
    } catch (error) {
      log.warn({ event: 'webhook.unreachable', reason: error instanceof Error ? error.name : 'unknown' });
      return { retryAfterMs: 0 };
    }
  }

  /** 410 Gone: the receiver wants no more. The operator hears of it once; a restart begins anew. */
  private refusedForGood(): void {
    this.options.log.error({ event: 'webhook.gone' });
    this.drop(this.waiting.length + 1);
    this.waiting = [];
    this.stop();
  }

  private pause(retryAfterMs: number): void {
    const growing = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.failures, 16));
    this.failures += 1;
    const waitMs = Math.max(growing * (0.5 + (this.options.random.bytes(1)[0] ?? 0) / 510), Math.min(LONGEST_WAIT_MS, retryAfterMs));
    this.pausedUntilMs = this.options.clock.nowMs() + waitMs;
    this.endPause();
    this.endPause = this.options.later(waitMs, () => {
      this.pausedUntilMs = 0;
      this.pump();
    });
  }

  private drop(count: number): void {
    for (let i = 0; i < count; i++) this.options.counted('dropped');
    if (count > 0) this.options.log.warn({ event: 'webhook.dropped', count });
  }
}

/** Seconds, as RFC 9110 10.2.3 has it; a date is not honoured. */
function retryAfterOf(headers: Pick<Headers, 'get'>): number {
  const seconds = Number(headers.get('retry-after') ?? '0');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
