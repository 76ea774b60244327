import { VaultError, entryId, toHex, type Bytes, type Entry } from '@strongroom/protocol';
import type { SimAccount, SimVersion } from '../clients/sim-account.js';
import { SimClient, type OpenedAttempt } from '../clients/sim-client.js';
import { SimGateway } from '../clients/sim-gateway.js';
import { SimBus } from '../network/sim-bus.js';
import type { Action } from '../plan/action.js';
import { describe } from '../plan/describe.js';
import type { Life } from '../time/event-queue.js';
import { MachineActs } from './machine-acts.js';
import type { World } from './world.js';

const FOREVER = Number.MAX_SAFE_INTEGER;
const SETTLE_MS = 12_000;

/** Does what a plan says, one action after the other. */
export class Acts {
  /** Operations of clients that have not ended. */
  underWay = 0;
  private readonly machines: MachineActs;
  private readonly waiting = new Map<number, OpenedAttempt>();

  constructor(private readonly world: World) {
    this.machines = new MachineActs(world);
  }

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
        return this.machines.do(action);
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
}
