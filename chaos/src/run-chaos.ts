import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Adversary } from './adversary/adversary.js';
import { bringBack } from './adversary/bring-back.js';
import { auditAll } from './audit/audit.js';
import { Load } from './load/load.js';
import { planChaos } from './plan/plan.js';
import { SeededRandom } from './plan/seeded-random.js';
import { availabilityOf, longestGap, slowestAfter } from './report/availability.js';
import { calmOf, MachineMeter, momentsBetween } from './report/calm.js';
import { rollbacksOf, violationsOf, type Report } from './report/report.js';
import { ChaosVault, FLEET } from './vault/chaos-vault.js';
import { watchEnds } from './vault/watch-ends.js';

export interface ChaosRun {
  readonly seed: number;
  readonly durationMs: number;
  /** Leaves folder and histories even when nothing was found. */
  readonly keep: boolean;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Breaks the run off; everything is ended all the same. */
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

const QUIET_SAMPLES_EVERY_MS = 500;
/** How long the load runs before the adversary begins, so that its figures can be told from those of the machine. */
const CALM_MS = 6_000;

/** Starts a vault, loads it under faults, heals it, audits it, ends it. */
export async function runChaos({ seed, durationMs, keep, hostEnv, signal, progress }: ChaosRun): Promise<Report> {
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const random = new SeededRandom(seed);
  const plan = planChaos(seed, FLEET.n);
  const delays = random.fork();
  const { smallDisks } = plan;
  const vault = await ChaosVault.start({ smallDisks, fraction: () => delays.fraction(), hostEnv, signal, progress, now });
  let found = true;
  try {
    const ends = watchEnds(vault);
    const ending = new AbortController();
    const { gatewayUrl } = vault.stack;
    const load = new Load({
      gatewayUrl,
      trustRoot: vault.trustRoot,
      now,
      random: random.fork(),
      signal: AbortSignal.any([signal, ending.signal]),
    });
    const loading = load.run();
    const adversary = new Adversary(vault, now, signal, progress);
    const meter = new MachineMeter();
    const calmFrom = now();
    let beganAt = calmFrom;
    try {
      progress('leaving the load alone for a while');
      await delay(CALM_MS, undefined, { signal });
      beganAt = now();
      let round = 0;
      for (const faults of plan.rounds()) {
        if (round++ >= plan.firstPass && now() - beganAt >= durationMs) break;
        await adversary.run(faults);
      }
    } finally {
      ending.abort();
      await loading;
    }
    const endedAt = now();
    const machine = meter.read();
    const minutes = (endedAt - beganAt) / 60_000;
    progress(`auditing ${load.persons.length} accounts`);
    for (const [i] of vault.stack.services.nodes.entries()) await bringBack(vault, i + 1, now, signal);
    const audit = await auditAll(load.persons, FLEET.attempts, signal);
    const result = adversary.result;
    const violations = violationsOf(audit, result, vault.observer.misbehaved, ends.unexpected);
    const steady = load.operations.filter(({ person, operation }) => person.kind === 'steady' && operation.request.kind === 'recover');
    const recoveries = steady.filter(({ operation }) => operation.by === 'device 1').map(({ operation }) => operation);
    const availability = availabilityOf(
      recoveries.filter(({ invokedAt }) => invokedAt >= beganAt),
      vault.outages,
    );
    const answered = load.operations.filter(({ operation: { outcome } }) => outcome.kind === 'recovered' || outcome.kind === 'wrong');
    const answeredAt = answered.map(({ operation }) => operation.returnedAt);
    const quiet = momentsBetween(beganAt, endedAt, QUIET_SAMPLES_EVERY_MS);
    const operations = load.persons.flatMap(({ history }) => history);
    found = violations.length > 0 || audit.undecided > 0;
    if (found || keep) for (const person of load.persons) keepHistory(vault.dataDir, person.name, person.history);
    return {
      seed,
      minutes: Math.round(minutes * 100) / 100,
      operations: operations.length,
      unknownOutcomes: operations.filter(({ outcome }) => outcome.kind === 'unknown').length,
      recoveries: availability.recoveries,
      availability: availability.recoveries === 0 ? null : availability.inTime / availability.recoveries,
      missed: availability.missed,
      calm: calmOf(recoveries, answeredAt, calmFrom, beganAt, vault.outages),
      machine,
      slowestAfterDeathMs: slowestAfter(result.killedAt, recoveries, vault.outages),
      longestGapMs: longestGap(result.killedAt, answeredAt, vault.outages),
      quietGapMs: longestGap(
        quiet.filter((at) => vault.outages.isServing(at, at + 2_000, 0)),
        answeredAt,
        vault.outages,
      ),
      faults: result.faults,
      diskFullBy: vault.disks.fullBy,
      endedByFullDisk: result.endedByFullDisk,
      rollbacks: rollbacksOf(result),
      accounts: load.persons.length,
      violations: violations.length,
      found: violations,
      linearizable: audit.linearizable,
      undecidedHistories: audit.undecided,
      statesSearched: audit.states,
      notes: [
        ...(vault.disks.fullBy === 'nothing' ? ['no disk was made full: this machine allows neither a mount nor a limit by prlimit'] : []),
        ...(found || keep ? [`logs and histories are in ${vault.dataDir}`] : []),
      ],
    };
  } finally {
    progress('stopping the vault');
    await vault.stop(keep || (found && !signal.aborted));
  }
}

function keepHistory(folder: string, name: string, history: readonly unknown[]): void {
  writeFileSync(join(folder, `history-${name}.json`), `[\n${history.map((operation) => JSON.stringify(operation)).join(',\n')}\n]\n`);
}
