import { entryId, equal, VaultError, type DecidedSet, type Entry } from '@strongroom/protocol';
import { attemptOf, confirmationOf, type Version } from './account.fixture.js';
import { MemoryFleet } from './memory-fleet.fixture.js';
import type { CrashPoint } from './mortal-disk.fixture.js';
import { contradictions, forks } from './spoken-watch.fixture.js';

/** For specs only: where one node ends while a client registers, attempts and confirms. */
export interface Crash extends CrashPoint {
  readonly node: number;
}

const TRIES = 12;

/** For specs only: a client that repeats itself until it is answered, as nodes end and start again under it. */
export class CrashRun {
  readonly acknowledged: { readonly entry: Entry; readonly set: DecidedSet }[] = [];
  confirmedAt = 0;
  crashed = false;

  private constructor(
    readonly fleet: MemoryFleet,
    private readonly version: Version,
  ) {}

  static async of(version: Version, crash: Crash | null): Promise<CrashRun> {
    const run = new CrashRun(await MemoryFleet.started(), version);
    if (crash !== null) run.plan(crash);
    await run.script();
    return run;
  }

  /** What must hold, whatever ended when. */
  violations(): readonly string[] {
    const found = [...contradictions(this.fleet.wire), ...forks(this.fleet.wire).map((place) => `fork at ${place}`)];
    for (const { entry, set } of this.acknowledged) {
      const id = entryId(entry.core);
      for (const { roster } of this.fleet.machines) {
        const marks = this.fleet.account(roster.self).state.marks.filter((mark) => equal(mark.id, id));
        if (marks.length !== 1 || marks[0]?.index !== set.index) found.push(`node ${roster.self} lost entry ${set.index}`);
      }
    }
    const holders = this.fleet.machines.filter(({ now }) => now.vault.holds(this.version.record.uid, this.version.hash));
    if (holders.length < this.fleet.roster.n) found.push(`only ${holders.length} nodes hold their share`);
    const confirmed = this.fleet.machines.filter(({ roster }) => this.fleet.account(roster.self).confirmation?.index === this.confirmedAt);
    if (confirmed.length < this.fleet.roster.q) found.push('an acknowledged confirmation is forgotten');
    found.push(...this.fleet.wire.failures.map((failure) => `a handler broke: ${String(failure)}`));
    return found;
  }

  private plan({ node, ...point }: Crash): void {
    const { store } = this.fleet.machine(node).now;
    store.crashAt = { ...point, commit: store.commits + point.commit };
  }

  private async script(): Promise<void> {
    await this.persist(async (node) => {
      for (const machine of this.fleet.machines) if (machine.life !== null) await this.fleet.run(machine.stage(this.version), 500);
      await this.take(this.version.entry, node);
    });
    const [wrong, right, late] = [attemptOf('wrong'), attemptOf('right'), attemptOf('late')];
    for (const entry of [wrong, right]) await this.persist((node) => this.take(entry, node));
    const set = this.acknowledged.at(-1)?.set;
    if (set === undefined) throw new Error('nothing is decided');
    for (const node of this.fleet.ranked) await this.persist(() => this.fleet.confirm(confirmationOf(set), node));
    this.confirmedAt = set.index;
    await this.persist((node) => this.take(late, node));
    await this.fleet.advance(500);
  }

  private async take(entry: Entry, node: number): Promise<void> {
    this.acknowledged.push({ entry, set: await this.fleet.submit(entry, node) });
  }

  private async persist(work: (node: number) => Promise<unknown>): Promise<void> {
    const { ranked } = this.fleet;
    for (let tried = 0; tried < TRIES; tried++) {
      try {
        await work(ranked[tried % ranked.length] ?? 1);
        await this.restartTheDead();
        return;
      } catch (error) {
        if (!(error instanceof VaultError) || error.code !== 'FLEET_UNAVAILABLE') throw error;
        await this.restartTheDead();
      }
    }
    throw new Error('the client was never answered');
  }

  private async restartTheDead(): Promise<void> {
    for (const machine of this.fleet.machines) {
      if (machine.life !== null) continue;
      this.crashed = true;
      await this.fleet.restart(machine.roster.self);
    }
  }
}
