import { randomFillSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { VaultClient } from '@strongroom/client';
import { VaultError, equalSecret } from '@strongroom/protocol';
import { backupFolder, restoreFolder } from '../backup/backup-file.js';
import { formatBytes } from '../terminal/progress-line.js';
import { compareFolders } from './compare-folders.js';
import { NODES_TO_KILL, WRONG_CODES, emptyReport, type DemoReport } from './demo-report.js';
import { newDevice, randomCode, type DemoVault } from './demo-vault.js';
import { Erasures } from './erasures.js';

const ERASE_TIMEOUT_MS = 20_000;
const quiet = (): void => undefined;

export interface DemoJob {
  readonly vault: DemoVault;
  /** The folder that is backed up, lost and brought back. */
  readonly folder: string;
  /** Where the age file and the restored folder go. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly nowMs: () => number;
}

/**
 * The whole mission on real input: encrypt a folder, protect its key by a code, lose the device, recover, lose two nodes,
 * recover again, and see an account locked and erased after its last attempt. Writes what it measures into `report`.
 * @throws when a step does not hold
 */
export async function runDemo(job: DemoJob, report: DemoReport = emptyReport()): Promise<DemoReport> {
  const key = randomFillSync(new Uint8Array(32));
  const code = randomCode();
  const account = `demo-${randomUUID()}`;
  try {
    await encrypt(job, report, key);
    await protectKey(job, report, account, key, code);
    const device = newDevice(job.vault, account);
    job.say('the device is lost: a new one knows nothing but the account and its code');
    await spendWrongCodes(job, report, device, code);
    await recoverAndRestore(job, report, device, key, code);
    await recoverWithNodesDown(job, report, newDevice(job.vault, account), key, code);
    await lockAndErase(job, report);
    return report;
  } finally {
    key.fill(0);
  }
}

async function encrypt(job: DemoJob, report: DemoReport, key: Uint8Array): Promise<void> {
  const summary = await timed(job, report, 'encrypt', () => backupFolder(job.folder, ageFile(job), key, quiet));
  for (const { name, reason } of summary.skipped) job.say(`left out ${name}: it ${reason}`);
  job.say(`${job.folder}: ${summary.files} files, ${formatBytes(summary.bytes)} encrypted into an age file ${took(report, 'encrypt')}`);
}

async function protectKey(job: DemoJob, report: DemoReport, account: string, key: Uint8Array, code: string): Promise<void> {
  const { signal } = job;
  const { votedBy, fleetId } = await timed(job, report, 'protect', () =>
    newDevice(job.vault, account).protect(key, code, { signal, allowWeakCode: true }),
  );
  job.say(
    `its 32-byte key is protected by an eight-digit code in fleet ${fleetId}; nodes ${votedBy.join(', ')} voted ${took(report, 'protect')}`,
  );
}

async function spendWrongCodes(job: DemoJob, report: DemoReport, device: VaultClient, code: string): Promise<void> {
  for (let i = 0; i < WRONG_CODES; i++) {
    const left = await timed(job, report, `wrongCode${i + 1}`, () => wrongCode(job, device, code));
    report.wrongCodesCounted = job.vault.attempts - left;
    job.say(
      `wrong code refused; the nodes' signed votes leave ${left} of ${job.vault.attempts} attempts ${took(report, `wrongCode${i + 1}`)}`,
    );
  }
}

async function recoverAndRestore(job: DemoJob, report: DemoReport, device: VaultClient, key: Uint8Array, code: string): Promise<void> {
  const { signal } = job;
  const { backupKey, confirmedBy } = await timed(job, report, 'recover', () => device.recover(code, { signal }));
  try {
    report.recovered = equalSecret(backupKey.reveal(), key);
    job.say(`the right code brings the key back, confirmed by ${confirmedBy.length} nodes ${took(report, 'recover')}`);
    const restored = join(job.workDir, 'restored');
    await timed(job, report, 'restore', async () => {
      await restoreFolder(ageFile(job), restored, backupKey.reveal(), quiet);
      report.bytesCompared = await compareFolders(job.folder, restored);
    });
    job.say(`the folder is restored and compared: ${report.bytesCompared} bytes, all equal ${took(report, 'restore')}`);
  } finally {
    backupKey.wipe();
  }
}

async function recoverWithNodesDown(job: DemoJob, report: DemoReport, device: VaultClient, key: Uint8Array, code: string): Promise<void> {
  const { vault, signal } = job;
  const killed = vault.nodes.slice(0, NODES_TO_KILL);
  await Promise.all(killed.map((node) => node.kill9()));
  report.nodesKilled = vault.nodes.filter(({ isRunning }) => !isRunning).length;
  job.say(`kill -9 of ${killed.map(({ name }) => name).join(' and ')}`);
  const { backupKey } = await timed(job, report, 'recoverWithNodesDown', () => device.recover(code, { signal }));
  report.recoveredWithNodesDown =
    equalSecret(backupKey.reveal(), key) && vault.nodes.filter(({ isRunning }) => !isRunning).length === report.nodesKilled;
  backupKey.wipe();
  job.say(
    `with ${report.nodesKilled} of ${vault.nodes.length} nodes dead the code still brings the key back ${took(report, 'recoverWithNodesDown')}`,
  );
  await timed(job, report, 'restartNodes', () => Promise.all(killed.map((node) => node.start())));
  job.say(`both nodes are up again ${took(report, 'restartNodes')}`);
}

async function lockAndErase(job: DemoJob, report: DemoReport): Promise<void> {
  const { vault, signal } = job;
  const account = `demo-${randomUUID()}`;
  const code = randomCode();
  const erasures = new Erasures(vault.bus);
  try {
    const device = newDevice(vault, account);
    await device.protect(randomFillSync(new Uint8Array(32)), code, { signal, allowWeakCode: true });
    await timed(job, report, 'lock', async () => {
      for (let left = vault.attempts, spent = 0; left > 0;) {
        left = await wrongCode(job, device, code);
        spent += 1;
        if (left === 0) report.lockedAfter = spent;
        if (spent > vault.attempts) throw new Error(`${spent} wrong codes and the account is not locked`);
      }
    });
    await refusedWhenLocked(job, device, code);
    job.say(`another account: ${report.lockedAfter} wrong codes, then even the right one is refused ${took(report, 'lock')}`);
    await timed(job, report, 'erase', () => erasures.untilErased(vault.nodes.length, ERASE_TIMEOUT_MS));
    await refusedWhenLocked(job, device, code);
    report.sharesErased = true;
    job.say(`all ${vault.nodes.length} nodes have destroyed their shares of it ${took(report, 'erase')}`);
  } finally {
    await erasures.stop();
  }
}

/** @returns the attempts left by the signed votes */
async function wrongCode({ signal }: DemoJob, device: VaultClient, code: string): Promise<number> {
  const wrong = code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`;
  const error: unknown = await device.recover(wrong, { signal }).then(
    () => new Error('a wrong code was accepted'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof VaultError) || error.code !== 'CODE_WRONG') throw error;
  const left = error.metadata['attemptsLeft'];
  if (typeof left !== 'number') throw new Error('nobody says how many attempts are left');
  return left;
}

async function refusedWhenLocked({ signal }: DemoJob, device: VaultClient, code: string): Promise<void> {
  const error: unknown = await device.recover(code, { signal }).then(
    () => new Error('a locked account was opened'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof VaultError) || error.code !== 'RECORD_LOCKED') throw error;
}

async function timed<T>({ nowMs }: DemoJob, { ms }: DemoReport, name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = nowMs();
  try {
    return await work();
  } finally {
    ms[name] = Math.round(nowMs() - startedAt);
  }
}

function took({ ms }: DemoReport, name: string): string {
  return `(${ms[name] ?? 0} ms)`;
}

function ageFile({ workDir }: DemoJob): string {
  return join(workDir, 'folder.age');
}
