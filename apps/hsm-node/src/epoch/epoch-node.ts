import type { FleetRoster } from '@strongroom/protocol';
import { FleetNode } from '../node/fleet-node.js';
import type { NodeParts } from '../node/node-parts.js';
import { nodeAddress, type Roster } from '../roster/roster.js';
import { EpochMarks } from './epoch-marks.js';
import { EpochPassage } from './epoch-passage.js';

/** This node in one epoch of its fleet: first it opens the epoch, unless that was done before, then it takes part. */
export class EpochNode {
  private passage: EpochPassage | null = null;
  private current: FleetNode | null = null;
  private stopped = false;

  constructor(
    private readonly parts: NodeParts,
    readonly roster: Roster,
  ) {}

  /** `null` while the epoch is not open here. */
  get node(): FleetNode | null {
    return this.current;
  }

  /** Resolves when the node takes part. */
  async start(): Promise<void> {
    const { log, store } = this.parts;
    const { fleetId, epoch } = this.roster;
    if (new EpochMarks(store, fleetId).isOpen(epoch)) return this.join({ ...this.roster, earlier: this.earlier() });
    log.info({ event: 'epoch.opening', node: nodeAddress(this.roster), epoch });
    this.passage = new EpochPassage(this.parts, this.roster);
    const opened = await this.passage.run();
    log.info({ event: 'epoch.opened', node: nodeAddress(this.roster), epoch });
    return this.join(opened);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.passage?.stop();
    await this.current?.stop();
  }

  private async join(roster: Roster): Promise<void> {
    if (this.stopped) return;
    this.parts.log.info({ event: 'node.joining', node: nodeAddress(roster), epoch: roster.epoch });
    this.current = new FleetNode(this.parts, roster);
    await this.current.start();
  }

  /** An epoch that is open here was opened with all of them. */
  private earlier(): readonly FleetRoster[] {
    const { fleetId, epoch: current } = this.roster;
    const epochs = Array.from({ length: current - 1 }, (_, i) => current - 1 - i);
    return epochs.flatMap((epoch) => this.parts.history.roster(fleetId, epoch) ?? []);
  }
}
