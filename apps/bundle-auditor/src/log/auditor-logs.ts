import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Log } from '@strongroom/platform';
import { Cosigner, OpenLogs, type LogKey, type LogQueue, type Route, type WitnessAddress } from '@strongroom/tlog';
import type { Policy, TrustedLog } from '@strongroom/transparency';

export interface AuditorLogsOptions {
  readonly folder: string;
  /** Of the bundles, and of the evidence if the trust root names that log. */
  readonly keys: readonly LogKey[];
  readonly trusted: TrustedLog;
  readonly witnesses: readonly WitnessAddress[];
  readonly witnessTimeoutMs: number;
  readonly refreshMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Told at the start and every half minute how the log of the bundles stands. */
  readonly onLook: (standing: LogStanding) => void;
}

export type LogStanding = { readonly size: number; /** Age of the oldest cosignature in seconds. */ readonly oldestS: number | undefined };

/** How often it is looked whether witnesses must be asked again. */
const LOOK_EVERY_MS = 30_000;

/** The logs that the auditor runs, each with its witnesses. */
export class AuditorLogs implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly logs: OpenLogs,
    private readonly cosigners: ReadonlyMap<string, Cosigner>,
    private readonly options: AuditorLogsOptions,
  ) {}

  static async open(options: AuditorLogsOptions): Promise<AuditorLogs> {
    const { folder, keys, trusted, witnesses, witnessTimeoutMs: timeoutMs, refreshMs, nowMs, log } = options;
    const policy: Policy = trusted.witnesses;
    const cosigners = new Map<string, Cosigner>();
    const logs = await OpenLogs.open(folder, keys, (origin) => cosigners.get(origin)?.look());
    for (const { vkey } of keys) {
      const queue = logs.queue(vkey.name);
      cosigners.set(vkey.name, new Cosigner({ queue, policy, witnesses, timeoutMs, refreshMs, nowMs, log }));
    }
    return new AuditorLogs(logs, cosigners, options);
  }

  /** Of the log of bundles. */
  private get origin(): string {
    return this.options.trusted.vkey.name;
  }

  get queue(): LogQueue {
    return this.logs.queue(this.origin);
  }

  get cosigner(): Cosigner {
    const cosigner = this.cosigners.get(this.origin);
    if (!cosigner) throw new Error(`no log ${this.origin} was opened`);
    return cosigner;
  }

  get isWell(): boolean {
    return this.logs.isWell;
  }

  routes(): readonly Route[] {
    return this.logs.routes();
  }

  onApplicationBootstrap(): void {
    for (const cosigner of this.cosigners.values()) cosigner.start(LOOK_EVERY_MS);
    this.timer = setInterval(() => this.tell(), LOOK_EVERY_MS);
    this.timer.unref();
    this.tell();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    for (const cosigner of this.cosigners.values()) cosigner.stop();
    await this.logs.close();
  }

  private tell(): void {
    if (!this.isWell) return;
    const { size, cosignatures } = this.cosigner.standing();
    const oldest = Math.min(...cosignatures.map(({ time }) => time));
    const ageS = Math.max(0, Math.floor(this.options.nowMs() / 1000) - oldest);
    this.options.onLook({ size, oldestS: cosignatures.length === 0 ? undefined : ageS });
  }
}
