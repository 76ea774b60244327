/** Long enough for the optimising compiler to have done its work and for the clock to be exact. */
const WARMUP_MS = 150;
const MEASURE_MS = 350;
const AT_ONCE = 20;

/**
 * Processor time of one call, in microseconds, by the process's own counters: what else runs on the machine does not
 * count. The work must be synchronous or resolve without waiting for others.
 */
export async function costOf(work: () => unknown): Promise<number> {
  await repeat(work, WARMUP_MS);
  const before = process.cpuUsage();
  const calls = await repeat(work, MEASURE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function repeat(work: () => unknown, forMs: number): Promise<number> {
  const endsAt = performance.now() + forMs;
  let calls = 0;
  for (; performance.now() < endsAt; calls += AT_ONCE) {
    for (let i = 0; i < AT_ONCE; i++) await work();
  }
  return calls;
}
