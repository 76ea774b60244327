import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Bytes } from '@strongroom/protocol';
import { nodeAddress, type Roster } from '../roster/roster.js';
import type { RosterSource } from '../roster/roster-source.js';
import { DecidedRecords, needsRecord } from '../shares/decided-records.js';
import { FleetNode } from './fleet-node.js';
import type { NodeParts } from './node-parts.js';

/** Runs the node in the fleet that its bundles name, and in the next epoch when there is one. */
export class FleetNodeService extends DecidedRecords implements OnApplicationBootstrap, OnApplicationShutdown {
  private node: FleetNode | null = null;
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

  override isDecided(uid: Bytes, recordHash: Bytes): boolean {
    return this.node === null || needsRecord(this.node.engine.account(uid), recordHash);
  }

  /** `null`: no living fleet lists this node any more, so it takes part in nothing. */
  private serve(roster: Roster | null): void {
    this.changing = this.changing.then(async () => {
      if (roster !== null && this.node !== null && sameEpoch(this.node.roster, roster)) return;
      await this.node?.stop();
      this.node = null;
      if (roster !== null) this.join(roster);
    });
  }

  private join(roster: Roster): void {
    const node = new FleetNode(this.parts, roster);
    this.node = node;
    this.parts.log.info({ event: 'node.joining', node: nodeAddress(roster), epoch: roster.epoch });
    // A rejoin waits for q peers, however long that takes, and a later roster must not wait for it.
    void node.start().catch((error: unknown) => this.report(error));
  }

  private report(error: unknown): void {
    if (error instanceof Error && error.name === 'AbortError') return;
    this.parts.log.error({ event: 'node.join-failed', reason: error instanceof Error ? error.message : 'unknown' });
    throw error;
  }
}

function sameEpoch(a: Roster, b: Roster): boolean {
  return a.fleetId === b.fleetId && a.epoch === b.epoch;
}
