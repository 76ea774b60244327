import { SystemRandom } from '@strongroom/platform';
import { HttpDoor } from './http-door.js';
import { Load } from './load.js';
import { isPlan, type Plan, type Said } from './messages.js';
import { AttemptMaker, AttemptPool, type PreparedAttempt } from './prepared-attempts.js';
import { registerAccount, type RegisteredAccount } from './registered-accounts.js';
import { readFleet } from './verified-fleet.js';
import { verifyRecovery } from './verify-recovery.js';

/** Registrations under way at once: they are many small steps of the client, and the fleet is not measured yet. */
const REGISTERING = 4;

const random = new SystemRandom();
const nowMs = (): number => Date.now();

/** The load generator: a process of its own, so that its work is neither the fleet's nor in the fleet's way. */
process.once('message', (message) => {
  if (!isPlan(message)) throw new TypeError('the first message is not a plan');
  run(message).then(
    () => process.disconnect(),
    (error: unknown) => {
      say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      process.disconnect();
    },
  );
});
process.once('disconnect', () => process.exit());

async function run(plan: Plan): Promise<void> {
  const door = new HttpDoor(plan.gatewayUrl, Math.max(plan.concurrency, REGISTERING));
  const fleet = await readFleet(door, plan.trustRoot, nowMs());
  progress(`registering ${plan.accounts} accounts`);
  const accounts = await inParallel(plan.accounts, REGISTERING, () => registerAccount({ door, fleet, random, nowMs }));
  const maker = await AttemptMaker.load(fleet, random, nowMs);
  progress(`preparing ${plan.preparedPerAccount} attempts for each`);
  const pool = new AttemptPool(accounts, await prepare(accounts, plan.preparedPerAccount, maker), maker);
  progress('warming up');
  const { concurrency, warmupMs, measureMs, recoveries, verifyEvery } = plan;
  let cpuAtStart = process.cpuUsage();
  let generatorMs = 0;
  const load = new Load({
    ...{ door, pool, concurrency, warmupMs, measureMs, recoveries, verifyEvery, t: fleet.roster.t },
    onMeasuring: () => {
      cpuAtStart = process.cpuUsage();
      say({ kind: 'measuring' });
    },
    onMeasured: () => {
      const { user, system } = process.cpuUsage(cpuAtStart);
      generatorMs = (user + system) / 1000;
      say({ kind: 'measured' });
    },
  });
  const { kept, attemptMs, confirmMs, totalMs, elapsedMs, failures } = await load.run();
  progress(`verifying ${kept.length} of ${totalMs.length} recoveries completely`);
  for (const recovery of kept) await verifyRecovery(recovery, fleet.roster);
  door.close();
  const figures = { attemptMs, confirmMs, totalMs, elapsedMs, failures };
  say({ kind: 'result', ...figures, verified: kept.length, generatorMs, madeLate: pool.madeLate });
}

async function prepare(
  accounts: readonly RegisteredAccount[],
  perAccount: number,
  maker: AttemptMaker,
): Promise<ReadonlyMap<RegisteredAccount, PreparedAttempt[]>> {
  const ready = new Map<RegisteredAccount, PreparedAttempt[]>();
  for (const account of accounts) {
    ready.set(account, await Promise.all(Array.from({ length: perAccount }, () => maker.make(account))));
  }
  return ready;
}

async function inParallel<T>(count: number, lanes: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) results.push(await work());
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

function progress(line: string): void {
  say({ kind: 'progress', line });
}

function say(message: Said): void {
  process.send?.(message);
}
