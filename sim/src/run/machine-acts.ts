import type { Platter } from '../disk/platter.js';
import type { Action } from '../plan/action.js';
import { WORLD } from '../time/sim-time.js';
import { bearsRestarts, isTooMuch, mayReplace } from './epoch-limits.js';
import type { World } from './world.js';

/** What a plan does to machines. */
export class MachineActs {
  private readonly snapshots = new Map<number, Platter>();

  constructor(private readonly world: World) {}

  do(action: Extract<Action, { readonly node: number }>): void {
    const { faults, corrupt } = this.world;
    if (action.kind === 'replace') return this.replace(action);
    if (corrupt.has(action.node) || isTooMuch(this.world, action.kind)) return;
    const machine = this.world.machine(action.node);
    const disk = machine.running?.disk;
    switch (action.kind) {
      case 'crash':
        if (!machine.up) return;
        if (action.when === 'now' || disk === undefined) {
          faults.crash += 1;
          machine.kill();
        } else disk.crashAt = action.when;
        return;
      case 'restart':
        return machine.start();
      case 'snapshot':
        this.snapshots.set(action.node, machine.platter.copy());
        return;
      case 'rollback':
        return this.rollback(action.node);
      case 'rot':
        return this.rot(action.node);
      case 'diskFull':
        if (disk !== undefined) disk.refusals = action.times;
        return;
      case 'slow':
        faults.slowNode += action.ms > 0 ? 1 : 0;
        machine.slowMs = action.ms;
        this.world.network.slowMs.set(action.node, action.ms);
        if (disk !== undefined) disk.slowMs = action.ms;
        return;
      case 'skew':
        faults[Math.abs(action.ms) > 600_000 ? 'clockJump' : 'clockSkew'] += action.ms === 0 ? 0 : 1;
        machine.skewMs = action.ms;
        return;
    }
  }

  /** Every node learns in its own time that another machine is in the place of one that is gone. */
  private replace({ node, learnMs }: Extract<Action, { kind: 'replace' }>): void {
    const { world } = this;
    if (!mayReplace(world, node)) return;
    this.snapshots.delete(node);
    if (!bearsRestarts(world)) world.machines.forEach(({ running }) => running !== null && Object.assign(running.disk, { crashAt: null }));
    world.machines.forEach(({ running }) => running !== null && Object.assign(running.disk, { refusals: 0 }));
    const next = world.replace(node);
    for (const machine of world.machines) world.time.after(learnMs[machine.self - 1] ?? 0, WORLD, 'bundle', () => machine.learn(next));
  }

  /** One disk at a time may turn out old, and none beside corrupt nodes: more are more than q promises to bear (PROTOCOL 8). */
  private rollback(node: number): void {
    const { world } = this;
    const machine = world.machine(node);
    const copy = this.snapshots.get(node);
    const others = world.machines.filter(({ self }) => self !== node && !world.corrupt.has(self));
    const sound = others.every(({ ready, up, self }) => ready || (!up && !world.old.has(self)));
    const spare = world.old.has(node) || new Set([...world.old, ...world.damaged]).size < world.roster.n - world.roster.q;
    if (copy === undefined || !sound || !spare || world.corrupt.size > 0 || world.damaged.has(node)) {
      machine.kill();
      machine.start();
      return;
    }
    world.faults.rollback += 1;
    world.old.add(node);
    world.observer.spoken.rolledBack(node);
    machine.kill();
    machine.platter = copy.copy();
    machine.start();
  }

  /** A damaged disk is one node less for good, and a restarting node needs q others that answer. */
  private rot(node: number): void {
    const { world } = this;
    const spare = new Set([...world.old, ...world.damaged, ...world.corrupt]).size < world.roster.n - world.roster.q - 1;
    if (!spare || world.damaged.size > 0) return;
    if (world.machine(node).platter.rot(world.random) === null) return;
    world.faults.bitRot += 1;
    world.damaged.add(node);
  }
}
