import type { OnApplicationShutdown } from '@nestjs/common';
import type { Log } from '@strongroom/platform';
import { OpenWitness, type Route } from '@strongroom/tlog';
import type { Config } from '../config.js';

/** Prefix of its door. */
const PREFIX = '/witness/';

/** The auditor as a witness of logs of others; of its own in a trial, where that proves nothing. */
export class AuditorWitness implements OnApplicationShutdown {
  private constructor(private readonly open: OpenWitness) {}

  /** `undefined` unless it is set up as one. @throws Error when only a part of it is set */
  static async from(config: Config, nowMs: () => number, log: Log): Promise<AuditorWitness | undefined> {
    const { WITNESS_NAME: name, WITNESS_DIR: folder, WITNESS_LOGS: logs } = config;
    if (name === undefined && folder === undefined && logs.length === 0) return undefined;
    if (name === undefined || folder === undefined) throw new Error('a witness needs WITNESS_NAME, WITNESS_DIR and WITNESS_LOGS');
    return new AuditorWitness(await OpenWitness.open({ folder, name, logs, nowMs, log }));
  }

  get route(): Route {
    return this.open.route(PREFIX);
  }

  onApplicationShutdown(): void {
    this.open.close();
  }
}
