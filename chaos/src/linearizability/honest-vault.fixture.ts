import { EMPTY, type AccountModel, type ModelAccount } from '../account/account-model.js';
import type { Operation, Outcome, Request } from '../account/operation.js';
import type { SeededRandom } from '../plan/seeded-random.js';

/** Bugs that a vault may have, each one line of the honest one. */
export type PlantedBug =
  | 'forgets a wrong attempt'
  | 'counts one attempt twice'
  | 'gives the budget back unasked'
  | 'loses an acknowledged registration'
  | 'takes the eleventh attempt'
  | 'forgets a confirmation'
  | 'recovers after a deletion'
  | 'reads what was before';

/** Three devices of one account at a vault that decides each call at one moment, some of them for a client that never hears of it. */
export function simulate(random: SeededRandom, model: AccountModel, length: number, bug: PlantedBug | null): readonly Operation[] {
  const vault = new SimulatedVault(model, bug, random);
  const operations: Operation[] = [];
  let now = 0;
  let returned = 0;
  while (operations.length < length) {
    const request = random.pick(REQUESTS)(operations.length, vault.account.active?.code);
    const outcome = vault.serve(operations.length, request);
    const lost = request.kind !== 'status' && random.fraction() < 0.1;
    // Called some time before its moment and back some time after it; every fifth one after everything before it.
    const alone = random.fraction() < 0.2;
    now = alone ? Math.max(now, returned) + 1 : now + random.whole(1, 4);
    const invokedAt = alone ? now : now - random.fraction() * 6;
    const returnedAt = now + random.fraction() * 6;
    returned = Math.max(returned, returnedAt);
    const sent = request.kind === 'status' || outcome.kind === 'locked' || outcome.kind === 'nothing' ? 0 : 1;
    operations.push({
      ...{ id: operations.length, by: 'device', request, invokedAt, returnedAt, entriesSent: sent },
      outcome: lost ? { kind: 'unknown', code: 'FLEET_UNAVAILABLE' } : outcome,
      confirmed: outcome.kind === 'recovered',
    });
  }
  return operations;
}

const REQUESTS: readonly ((id: number, code: string | undefined) => Request)[] = [
  (id) => ({ kind: 'register', code: `code ${id}`, key: `key ${id}` }),
  ...Array.from({ length: 4 }, () => () => ({ kind: 'recover', code: 'nobody registered this' }) as const),
  ...Array.from(
    { length: 2 },
    () =>
      (_: number, code = 'none yet') =>
        ({ kind: 'recover', code }) as const,
  ),
  ...Array.from({ length: 3 }, () => () => ({ kind: 'status' }) as const),
  () => ({ kind: 'delete' }),
];

class SimulatedVault {
  account: ModelAccount = EMPTY;
  private before: ModelAccount = EMPTY;
  private versions = 0;

  constructor(
    private readonly model: AccountModel,
    private readonly bug: PlantedBug | null,
    private readonly random: SeededRandom,
  ) {}

  serve(id: number, request: Request): Outcome {
    const was = this.account;
    const outcome = this.decide(id, request);
    if (this.strikes('gives the budget back unasked')) this.account = { ...this.account, counted: [] };
    if (was !== this.account) this.before = was;
    return outcome;
  }

  private decide(id: number, request: Request): Outcome {
    switch (request.kind) {
      case 'register': {
        const version = ++this.versions;
        const { code, key } = request;
        const registered = this.model.register({ code, key, version })(this.account);
        if (registered === null) return { kind: 'unknown', code: 'RATE_LIMITED' };
        if (!this.strikes('loses an acknowledged registration')) this.account = registered;
        return { kind: 'registered', version };
      }
      case 'recover':
        return this.recover(id, request.code);
      case 'status': {
        const { status, version = 0, attemptsLeft } = this.model.read(this.strikes('reads what was before') ? this.before : this.account);
        return { kind: 'status', status, activeVersion: version, attemptsLeft };
      }
      case 'delete': {
        const deleted = this.model.delete()(this.account);
        if (deleted === null) return { kind: 'nothing' };
        this.versions++;
        if (!this.strikes('recovers after a deletion')) this.account = deleted;
        return { kind: 'deleted' };
      }
    }
  }

  private recover(id: number, code: string): Outcome {
    const { active, counted } = this.account;
    if (active === null) return { kind: 'nothing' };
    if (this.model.isLocked(this.account) && !this.strikes('takes the eleventh attempt')) return { kind: 'locked' };
    const once = { ...this.account, counted: [...counted, id] };
    const spent = this.strikes('forgets a wrong attempt') && active.code !== code ? this.account : once;
    this.account = this.strikes('counts one attempt twice') ? { ...spent, counted: [...spent.counted, null] } : spent;
    if (active.code !== code) return { kind: 'wrong', attemptsLeft: Math.max(0, this.model.read(this.account).attemptsLeft) };
    if (!this.strikes('forgets a confirmation')) this.account = { ...this.account, counted: [] };
    return { kind: 'recovered', key: active.key, version: active.version ?? 0 };
  }

  private strikes(bug: PlantedBug): boolean {
    return this.bug === bug && this.random.fraction() < 0.3;
  }
}
