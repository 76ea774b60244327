import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Clock, Log } from '@strongroom/platform';
import { VaultError, type Bytes } from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import { growing, pauseUntil, type Pause } from '../roster/pause.js';
import type { NodeStore } from '../storage/node-store.js';
import { ownStatement } from './own-statement.js';
import type { Registry } from './registry.js';

const FIRST_MS = 500;
const LAST_MS = 15_000;
/** Codes after which the same statement may be taken later. */
const PASSING: readonly string[] = ['FLEET_UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL'];

export interface EnrolmentParts {
  readonly keystore: Keystore;
  readonly store: NodeStore;
  readonly registry: Registry;
  readonly software: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Enrols the node at every boot: sending the same statement again changes nothing, and a registry may have lost it. */
export class EnrolmentService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly ending = new AbortController();

  constructor(
    private readonly parts: EnrolmentParts,
    private readonly pause: Pause = pauseUntil(this.ending.signal),
  ) {}

  /** Makes the statement durable; sends it beside the boot, which does not wait for the registry. */
  async onApplicationBootstrap(): Promise<void> {
    const { keystore, store, software, clock } = this.parts;
    const statement = await ownStatement(keystore, store, software, clock.nowMs());
    void this.submit(statement);
  }

  onApplicationShutdown(): void {
    this.ending.abort();
  }

  /** Sends until the registry has answered; a refusal that time does not heal is logged and ends it. */
  async submit(statement: Bytes): Promise<void> {
    for (const delayMs of growing(FIRST_MS, LAST_MS)) {
      if (this.ending.signal.aborted || (await this.answered(statement))) return;
      await this.pause(delayMs);
    }
  }

  private async answered(statement: Bytes): Promise<boolean> {
    const { registry, log } = this.parts;
    try {
      log.info({ event: 'enrolment.accepted', digest: await registry.submit(statement) });
      return true;
    } catch (error) {
      const code = error instanceof VaultError ? error.code : 'INTERNAL';
      const passing = PASSING.includes(code);
      log[passing ? 'warn' : 'error']({ event: passing ? 'enrolment.not-answered' : 'enrolment.refused', reason: code });
      return !passing;
    }
  }
}
