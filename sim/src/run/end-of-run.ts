import { accountStatus, equal, lastOkOf, settledState, toHex, type AccountLog, type AccountState, type Bytes } from '@strongroom/protocol';
import type { SimAttempt } from '../clients/sim-account.js';
import { CALM } from '../network/sim-network.js';
import { firstMachine } from '../node/node-keys.js';
import type { SimMachine } from '../node/sim-machine.js';
import type { AccountLedger } from '../watch/ledger.js';
import { ErasedRules } from '../watch/erased-rules.js';
import { StolenDisks } from '../watch/stolen-disks.js';
import { Violation } from '../watch/violation.js';
import type { Acts } from './act.js';
import { COOL_DOWN_MS, ERASE_DEADLINE_MS, STAGED_MS } from './rules.js';
import type { World } from './world.js';

const REJOIN_MS = 20_000;
/** After failures a node tries again every half minute at the latest. */
const REPAIR_MS = 35_000;
const RECOVER_MS = 30_000;
const FOREVER = Number.MAX_SAFE_INTEGER;

/** Faults off: everything that was promised must be there (I3, I4, I6, I8). */
export class EndOfRun {
  constructor(
    private readonly world: World,
    private readonly acts: Acts,
  ) {}

  async run(): Promise<void> {
    const { world } = this;
    world.note('faults end');
    await this.mend();
    new StolenDisks(world).check();
    await this.repaired();
    await this.recoverAll();
    world.machines.forEach((machine) => !world.corrupt.has(machine.self) && machine.start());
    await this.allReady();
    await this.repaired();
    await this.passTime();
    for (const machine of this.sound()) new ErasedRules(world).check(machine);
    world.check();
  }

  private async mend(): Promise<void> {
    const { network, machines, time, corrupt } = this.world;
    network.weather = CALM;
    network.cuts.clear();
    network.slowMs.clear();
    network.release();
    for (const machine of machines) {
      if (corrupt.has(machine.self)) continue;
      machine.learn(this.world.roster);
      Object.assign(machine, { skewMs: 0, slowMs: 0 });
      const disk = machine.running?.disk;
      if (disk !== undefined) Object.assign(disk, { refusals: 0, slowMs: 0, crashAt: null });
      machine.start();
    }
    await this.allReady();
    await time.runFor(3_000);
  }

  /** Whoever came later has its share of every living version, rebuilt from those of t others (PROTOCOL 7.7). */
  private async repaired(): Promise<void> {
    const { time, roster, observer, ledger } = this.world;
    if (roster.epoch === 1) return;
    const lacking = (): readonly string[] =>
      this.sound().flatMap((machine) =>
        ledger.accounts.flatMap((account) => this.lacks(machine, account, this.knownTo(machine, account)) ?? []),
      );
    const complete = (): Promise<boolean> => time.runUntil(() => lacking().length === 0, REPAIR_MS);
    if (!(await complete())) observer.accuse('7.7', `shares are missing for good: ${lacking().join('; ')}`);
    this.world.check();
  }

  private async allReady(): Promise<void> {
    const { time } = this.world;
    if (!(await time.runUntil(() => this.sound().every(({ current }) => current), REJOIN_MS)))
      throw new Violation(
        '7.3',
        `with every fault gone a node does not get to take part: ${this.sound()
          .filter(({ current }) => !current)
          .map(({ self }) => self)
          .join(', ')}`,
      );
  }

  /** Nodes that ought to work now. */
  private sound(): readonly SimMachine[] {
    const { machines, corrupt, damaged } = this.world;
    return machines.filter(({ self }) => !corrupt.has(self) && !damaged.has(self));
  }

  /** I8: any q nodes are enough for an account with attempts left. The others end. */
  private async recoverAll(): Promise<void> {
    const { world } = this;
    for (const [number, account] of world.ledger.accounts.entries()) {
      world.machines.forEach((machine) => !world.corrupt.has(machine.self) && machine.start());
      await this.allReady();
      const up = this.quorum(number, account);
      if (up === null) continue;
      world.note(`only ${up.map(({ self }) => `node ${self}`).join(', ')} stay up for account ${account.account.name}`);
      for (const machine of world.machines) if (!up.includes(machine)) machine.kill();
      await world.time.runFor(1_500);
      await this.recover(account, up);
    }
  }

  /**
   * A newcomer whose log does not know yet what it lacks: where nodes compare no accounts it learns of what was decided
   * without it when somebody uses the account (PROTOCOL 7.4).
   */
  private awaitsNews(machine: SimMachine, account: AccountLedger): boolean {
    if (machine.name === firstMachine(machine.self) || this.comparesAccounts) return false;
    return this.viewOf(machine, account).log.state.index < this.newest(account).log.state.index;
  }

  /** Whether nodes look for what they missed by themselves (PROTOCOL 7.4). */
  private get comparesAccounts(): boolean {
    return this.world.plan.antiEntropyMs !== undefined;
  }

  /** Where nodes compare accounts each of them has to know the newest by itself. */
  private knownTo(machine: SimMachine, account: AccountLedger): ReturnType<EndOfRun['viewOf']> {
    return this.comparesAccounts ? this.newest(account) : this.viewOf(machine, account);
  }

  private newest(account: AccountLedger): ReturnType<EndOfRun['viewOf']> {
    const views = this.sound().map((one) => this.viewOf(one, account));
    return views.reduce((best, view) => (view.log.state.index > best.log.state.index ? view : best));
  }

  /** The living version of an account of which this node has no share; null where it has all that it should. */
  private lacks(machine: SimMachine, account: AccountLedger, { log, state }: ReturnType<EndOfRun['viewOf']>): string | null {
    const { active } = state;
    if (active === null || accountStatus(state, lastOkOf(log), this.world.policy) === 'locked') return null;
    const held = machine.running?.vault.holds(account.account.uid, active.recordHash) === true;
    return held ? null : `node ${machine.self}, version ${active.ver} of account ${account.account.name}`;
  }

  /** q nodes, t of them with their share: those that lost theirs with an old disk, or erased it, count for votes only. */
  private quorum(number: number, account: AccountLedger): readonly SimMachine[] | null {
    const { world } = this;
    const { t, q } = world.roster;
    const sound = this.sound().filter((machine) => !world.old.has(machine.self) && !this.awaitsNews(machine, account));
    const holders = [...world.random.shuffled(sound)];
    holders.sort((a, b) => Number(hasErased(a, account.account.uid)) - Number(hasErased(b, account.account.uid)));
    const others = world.random.shuffled(this.sound().filter((machine) => !holders.includes(machine)));
    const chosen = [...holders.slice(0, t), ...world.random.shuffled([...holders.slice(t), ...others]).slice(0, q - t)];
    if (chosen.length < q) throw new Violation('I8', `fewer than ${q} sound nodes are left for account ${number}`);
    return chosen;
  }

  private async recover(ledger: AccountLedger, up: readonly SimMachine[]): Promise<void> {
    const { time, clients, observer } = this.world;
    const { account } = ledger;
    const views = up.map((machine) => this.viewOf(machine, ledger));
    const { state, log } = views.reduce((newest, view) => (view.log.state.index > newest.log.state.index ? view : newest));
    const lastOk = Math.max(...views.map((view) => lastOkOf(view.log)));
    this.mustRemember(ledger, state, lastOk);
    const status = accountStatus(state, lastOk, this.world.policy);
    if (state.active === null || status === 'locked' || status === 'none') return;
    // A confirmation that came after erases ended the lock: fewer than t are left to recover with (PROTOCOL 6.6).
    if (up.filter((machine) => !hasErased(machine, account.uid)).length < this.world.roster.t) return;
    const version = account.versions.find(({ ver }) => ver === state.active?.ver);
    if (version === undefined) return observer.accuse('I5', `account ${account.name} has a version that nobody has made`);
    time.jump(this.world.policy.delaysMs.at(-1) ?? 0);
    await time.runFor(1_500);
    const before = clients.recoveries;
    const attempt = account.newAttempt(version, true, FOREVER);
    ledger.attempts.set(toHex(attempt.id), { attempt, index: 0, points: new Map() });
    ledger.madeAtMs.set(toHex(attempt.id), time.nowMs);
    this.acts.spawn(
      async (client) => {
        const opened = await client.attempt(account, attempt);
        if (opened !== null) await client.confirm(account, opened);
      },
      up.map(({ self }) => self),
    );
    await time.runUntil(() => clients.recoveries > before && this.acts.underWay === 0, RECOVER_MS);
    if (clients.recoveries === before && !this.wasTheLast(ledger, attempt, up))
      observer.accuse(
        'I8',
        `account ${account.name} has attempts left and cannot be recovered with nodes ${up.map(({ self }) => self).join(', ')} (index ${log.state.index}, version ${version.ver})`,
      );
    this.world.check();
  }

  /** An attempt that was under way, accepted and decided by now, has taken the last place before this one. */
  private wasTheLast(ledger: AccountLedger, { id }: SimAttempt, up: readonly SimMachine[]): boolean {
    const views = up.map((machine) => this.viewOf(machine, ledger));
    const decided = views.some(({ log }) => log.state.marks.some((mark) => equal(mark.id, id)));
    return !decided && views.some(({ log, state }) => accountStatus(state, lastOkOf(log), this.world.policy) === 'locked');
  }

  /** What was acknowledged is there: the confirmation, and the registration or a later one (I3, I4). */
  private mustRemember({ account, acknowledged, registered }: AccountLedger, state: AccountState, lastOk: number): void {
    const { observer } = this.world;
    const confirmed = Math.max(0, ...acknowledged.map(({ index }) => index));
    if (lastOk < confirmed && Math.max(0, state.budgetFrom) <= confirmed)
      observer.accuse('I4', `confirmation ${confirmed} of account ${account.name} was acknowledged and nobody of q nodes knows it`);
    if (registered !== null && state.ver < registered.ver)
      observer.accuse('I3', `version ${registered.ver} of account ${account.name} was acknowledged and q nodes know only ${state.ver}`);
  }

  private viewOf(machine: SimMachine, { account }: AccountLedger): { readonly log: AccountLog; readonly state: AccountState } {
    const log = machine.running?.node?.engine.account(account.uid);
    if (log === undefined) throw new Violation('I8', `node ${machine.self} is down`);
    return { log, state: settledState(log.state, lastOkOf(log), this.world.time.nowMs, this.world.policy) };
  }

  /** Every deadline comes and goes. */
  private async passTime(): Promise<void> {
    const { time } = this.world;
    for (const ms of [STAGED_MS + ERASE_DEADLINE_MS, COOL_DOWN_MS + ERASE_DEADLINE_MS, STAGED_MS]) {
      time.jump(ms + 60_000);
      await time.runFor(6_000);
    }
  }
}

/** Whether the node erased the version that its log calls living, for good. */
function hasErased({ running }: SimMachine, uid: Bytes): boolean {
  const active = running?.node?.engine.account(uid).state.active ?? null;
  return active !== null && running?.vault.isBarred(uid, active.recordHash) === true;
}
