import { VaultError, entryId, toHex, type Bytes, type Entry } from '@strongroom/protocol';
import type { SimAccount, SimVersion } from '../clients/sim-account.js';
import { SimClient, type OpenedAttempt } from '../clients/sim-client.js';
import { SimGateway } from '../clients/sim-gateway.js';
import { SimBus } from '../network/sim-bus.js';
import type { Action } from '../plan/action.js';
import { describe } from '../plan/describe.js';
import { Platter } from '../disk/platter.js';
import type { Life } from '../time/event-queue.js';
import { WORLD } from '../time/sim-time.js';
import { bearsRestarts, isTooMuch, mayReplace } from './epoch-limits.js';
import type { World } from './world.js';

const FOREVER = Number.MAX_SAFE_INTEGER;
const SETTLE_MS = 12_000;

/** Does what a plan says, one action after the other. */
export class Acts {
  /** Operations of clients that have not ended. */
  underWay = 0;
  private readonly snapshots = new Map<number, Platter>();
  private readonly waiting = new Map<number, OpenedAttempt>();

  constructor(private readonly world: World) {}

  async do(action: Action): Promise<void> {
    const { world } = this;
    world.note(describe(action));
    switch (action.kind) {
      case 'register':
        return this.register(action);
      case 'attempt':
        return this.attempt(action);
      case 'confirm':
        return this.confirm(action.account);
      case 'resend':
        return this.resend(action.account, action.first);
      case 'delete':
        return this.append(action.account, (account) => account.deletion(action.byOwner, FOREVER));
      case 'cancel':
        return this.append(action.account, (account) => account.cancellation(account.versions.at(-1)?.ver ?? 1, FOREVER));
      case 'wait':
        return this.wait(action.ms);
      case 'withhold':
        world.network.withholds = ({ from, to, name }) =>
          from === action.from && name.startsWith(action.name) && (action.to?.includes(to) ?? true);
        return;
      case 'release':
        return world.network.release();
      case 'weather':
        world.network.weather = action.weather;
        return;
      case 'cut':
        for (const from of action.from) for (const to of action.to) world.network.cuts.add(`${from}>${to}`);
        return;
      case 'heal':
        return world.network.cuts.clear();
      case 'replay':
        return world.gateway.replay(action.times);
      case 'forge':
        world.gateway.forge();
        return world.gateway.misuse();
      case 'harvest':
        return world.gateway.harvest();
      default:
        return this.toMachine(action);
    }
  }

  /** A client's work, in a life of its own: its failures are refusals, which a client may meet. */
  spawn(work: (client: SimClient) => Promise<unknown>, nodes?: readonly number[]): Life {
    const { world } = this;
    const life: Life = { alive: true, name: 'client' };
    const reach = nodes ?? world.roster.members.map(({ index }) => index);
    const gateway = new SimGateway(new SimBus(world.exchange, 0, life), world.roster, reach);
    const client = new SimClient(gateway, () => world.roster, world.verifier, world.clients);
    this.underWay += 1;
    world.time.after(0, life, 'client', () => {
      work(client)
        .catch((error: unknown) => {
          if (!(error instanceof VaultError)) world.observer.broke(0, error);
          else world.note(`  a client is refused: ${error.code}`);
        })
        .finally(() => (this.underWay -= 1));
    });
    return life;
  }

  private async register({ account: number, byOwner, dies }: Extract<Action, { kind: 'register' }>): Promise<void> {
    const account = this.world.account(number);
    const version = await account.newVersion(byOwner, FOREVER);
    this.made(account, version.entry);
    const life = this.spawn(async (client) => {
      await client.register(account, version);
      this.registered(account, version);
    });
    if (dies) this.dies(life, this.world.random.below(12));
  }

  private registered(account: SimAccount, version: SimVersion): void {
    const ledger = this.world.ledger.of(account.uid);
    if (ledger.registered === null || ledger.registered.ver < version.ver) ledger.registered = version;
  }

  private attempt({ account: number, right, first, confirm, tokenMs, diesMs }: Extract<Action, { kind: 'attempt' }>): void {
    const { world } = this;
    const account = world.account(number);
    const version = world.ledger.of(account.uid).registered;
    if (version === null) return;
    const attempt = account.newAttempt(version, right, tokenMs === null ? FOREVER : world.time.nowMs + tokenMs);
    this.made(account, attempt.entry);
    world.ledger.of(account.uid).attempts.set(toHex(attempt.id), { attempt, index: 0, points: new Map<number, Bytes>() });
    if (this.underWay > 0) world.faults.race += 1;
    const life = this.spawn(async (client) => {
      const opened = await client.attempt(account, attempt, first);
      if (opened === null) return;
      if (confirm === 'later') this.waiting.set(number, opened);
      else await client.confirm(account, opened);
    });
    if (diesMs !== null) this.dies(life, diesMs);
  }

  private confirm(number: number): void {
    const opened = this.waiting.get(number);
    if (opened === undefined) return;
    this.waiting.delete(number);
    this.spawn((client) => client.confirm(this.world.account(number), opened));
  }

  private resend(number: number, first: number): void {
    const account = this.world.account(number);
    if (account.entries.length === 0) return;
    const entry = this.world.random.pick(account.entries);
    this.spawn((client) => client.submit(account, entry, first));
  }

  private append(number: number, make: (account: SimAccount) => Entry): void {
    const account = this.world.account(number);
    const entry = make(account);
    this.made(account, entry);
    this.spawn((client) => client.submit(account, entry));
  }

  private made(account: SimAccount, entry: Entry): void {
    this.world.ledger.of(account.uid).madeAtMs.set(toHex(entryId(entry.core)), this.world.time.nowMs);
  }

  private dies(life: Life, ms: number): void {
    this.world.faults.clientDied += 1;
    this.world.time.after(ms, this.world.time.current, 'client dies', () => {
      if (life.alive) this.underWay -= 1;
      life.alive = false;
    });
  }

  /** What is under way ends first; then nothing happens for as long as it takes. */
  private async wait(ms: number): Promise<void> {
    const { time } = this.world;
    await time.runUntil(() => this.underWay === 0, SETTLE_MS);
    time.jump(ms);
    // Nodes hear each other again, and act on what is due.
    await time.runFor(1_500);
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

  private toMachine(action: Extract<Action, { readonly node: number }>): void {
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
