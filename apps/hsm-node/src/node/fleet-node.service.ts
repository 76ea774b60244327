import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Bytes } from '@strongroom/protocol';
import { EpochMarks } from '../epoch/epoch-marks.js';
import { EpochNode } from '../epoch/epoch-node.js';
import type { Roster } from '../roster/roster.js';
import type { RosterSource } from '../roster/roster-source.js';
import { DecidedRecords, needsRecord } from '../shares/decided-records.js';
import type { FleetNode } from './fleet-node.js';
import type { NodeParts } from './node-parts.js';

/** Runs the node in the fleet that its bundles name, and in the next epoch when there is one. */
export class FleetNodeService extends DecidedRecords implements OnApplicationBootstrap, OnApplicationShutdown {
  private life: EpochNode | null = null;
  private changing: Promise<void> = Promise.resolve();
  private forget: () => void = () => undefined;

  constructor(
    private readonly parts: NodeParts,
    private readonly rosters: RosterSource,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.forget = this.rosters.onChange((roster) => this.serve(roster));
    const roster = this.rosters.current();
    if (roster !== null) this.serve(roster);
  }

  async onApplicationShutdown(): Promise<void> {
    this.forget();
    this.serve(null);
    await this.changing;
  }

  /** Whether the node takes part in votes. */
  get ready(): boolean {
    return this.node?.ready === true;
  }

  /** `null` before its epoch is open at this node. */
  get node(): FleetNode | null {
    return this.life?.node ?? null;
  }

  override isNeeded(uid: Bytes, recordHash: Bytes, index: number): boolean {
    return this.node === null || needsRecord(this.node.engine.account(uid), recordHash, index);
  }

  /** `null`: no living fleet lists this node any more, so it takes part in nothing. */
  private serve(roster: Roster | null): void {
    this.changing = this.changing.then(async () => {
      if (roster !== null && this.life !== null && sameEpoch(this.life.roster, roster)) return;
      await this.leave(roster);
      if (roster !== null) this.join(roster);
    });
  }

  /** A node that took part knows everything that it said: when the epoch ends it may vouch for it (PROTOCOL 7.5). */
  private async leave(next: Roster | null): Promise<void> {
    const { life } = this;
    this.life = null;
    if (life === null) return;
    const { fleetId, epoch } = life.roster;
    const tookPart = life.node?.ready === true;
    await life.stop();
    if (!tookPart || next === null || next.fleetId !== fleetId || next.epoch <= epoch) return;
    await new EpochMarks(this.parts.store, fleetId).close(epoch);
    this.parts.log.info({ event: 'epoch.closed', epoch });
  }

  private join(roster: Roster): void {
    const life = new EpochNode(this.parts, roster);
    this.life = life;
    // Opening an epoch and a rejoin wait for q peers, however long that takes, and a later roster must not wait for them.
    void life.start().catch((error: unknown) => this.report(error));
  }

  /** What ends the process: nothing else is left to do for a node that cannot take part. */
  protected report(error: unknown): void {
    if (error instanceof Error && error.name === 'AbortError') return;
    this.parts.log.error({ event: 'node.join-failed', reason: error instanceof Error ? error.message : 'unknown' });
    throw error;
  }
}

function sameEpoch(a: Roster, b: Roster): boolean {
  return a.fleetId === b.fleetId && a.epoch === b.epoch;
}
