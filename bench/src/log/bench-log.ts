import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeSigner, SILENT_LOG } from '@strongroom/platform';
import { Cosigner, DiskSource, FolderDisk, LogQueue, LogWriter, PublicServer, Witness, WitnessFiles, witnessRoute } from '@strongroom/tlog';
import { fsck, makeCosignerVkey, makeVkey } from '@strongroom/transparency';
import { percentiles, type Percentiles } from '../report/percentiles.js';

export interface LogBenchOptions {
  readonly appends: number;
  /** Appends under way at once. */
  readonly concurrency: number;
}

export interface LogReport {
  readonly appends: number;
  readonly concurrency: number;
  readonly appendsPerSecond: number;
  /** One append at a time: milliseconds until the signed tree is durable. */
  readonly singleAppendMs: Percentiles;
  /** Likewise until a witness's cosignature, kept durably on its side, is published. */
  readonly cosignedAppendMs: Percentiles;
  readonly fsckSeconds: number;
  readonly fsckOutcome: 'ok' | 'failed';
}

const ENTRY_BYTES = 1_500;
const SINGLES = 50;
const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** A log with one witness on this machine's disk: appends of entries as long as a bundle, many at once and one by one. */
export async function benchLog({ appends, concurrency }: LogBenchOptions, progress: (line: string) => void): Promise<LogReport> {
  const dir = mkdtempSync(join(tmpdir(), 'strongroom-bench-log-'));
  const signer = nodeSigner(seed(1));
  const vkey = makeVkey('bench.example/log', signer.publicKey);
  const disk = await FolderDisk.open(join(dir, 'log'));
  const queue = new LogQueue(await LogWriter.open(disk, vkey, signer));
  const { cosigner, server } = await withWitness(queue, dir);
  try {
    progress(`${appends} appends of ${ENTRY_BYTES} bytes, ${concurrency} at once`);
    const seconds = (await timed(() => inParallel(appends, concurrency, (i) => queue.append(entry(i))))) / 1000;
    progress('one append at a time, then with the witness');
    const single: number[] = [];
    for (let i = 0; i < SINGLES; i += 1) single.push(await timed(() => queue.append(entry(appends + i))));
    const cosigned: number[] = [];
    for (let i = 0; i < SINGLES; i += 1) {
      cosigned.push(await timed(async () => cosigner.witnessed((await queue.append(entry(appends + SINGLES + i))) + 1)));
    }
    progress('deriving all of it again');
    let outcome: LogReport['fsckOutcome'] = 'failed';
    const fsckMs = await timed(async () => ({ outcome } = await fsck(new DiskSource(disk), vkey)));
    const appendsPerSecond = Math.round(appends / seconds);
    return {
      ...{ appends, concurrency, appendsPerSecond, singleAppendMs: percentiles(single), cosignedAppendMs: percentiles(cosigned) },
      ...{ fsckSeconds: fsckMs / 1000, fsckOutcome: outcome },
    };
  } finally {
    await server.close();
    rmSync(dir, { recursive: true });
  }
}

export function logReportText(report: LogReport): string {
  const { appends, concurrency, appendsPerSecond, singleAppendMs, cosignedAppendMs, fsckSeconds, fsckOutcome } = report;
  return [
    `log: ${appendsPerSecond} appends/s (${appends} of ${ENTRY_BYTES} bytes, ${concurrency} at once)`,
    `one at a time: median ${singleAppendMs.p50.toFixed(1)} ms, p99 ${singleAppendMs.p99.toFixed(1)} ms until durable and signed`,
    `with a witness: median ${cosignedAppendMs.p50.toFixed(1)} ms, p99 ${cosignedAppendMs.p99.toFixed(1)} ms until cosigned`,
    `fsck: ${fsckSeconds.toFixed(1)} s, ${fsckOutcome}`,
  ].join('\n');
}

async function withWitness(queue: LogQueue, dir: string): Promise<{ cosigner: Cosigner; server: PublicServer }> {
  const signer = nodeSigner(seed(2));
  const vkey = makeCosignerVkey('bench.example/w1', signer.publicKey);
  const store = new WitnessFiles(await FolderDisk.open(join(dir, 'witness')));
  const witness = new Witness({ name: vkey.name, signer, logs: [queue.writer.vkey], store, nowMs: Date.now });
  const server = await PublicServer.listen({ port: 0, host: '127.0.0.1', routes: [witnessRoute('/', witness)], log: SILENT_LOG });
  const policy = { logs: [], witnesses: [{ name: 'w1', vkey }], groups: [], quorum: 'w1' };
  const witnesses = [{ vkey, url: `http://127.0.0.1:${server.port}/` }];
  const times = { timeoutMs: 5_000, refreshMs: 86_400_000, nowMs: Date.now };
  return { cosigner: new Cosigner({ queue, policy, witnesses, ...times, log: SILENT_LOG }), server };
}

async function inParallel(count: number, concurrency: number, work: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function entry(i: number): Uint8Array {
  return Buffer.from(`entry ${i}\n`.padEnd(ENTRY_BYTES, '.'));
}
