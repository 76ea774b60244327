import { randomFillSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import { BACKUP_KEY_BYTES, ageIdentity } from '@strongroom/client/backup';
import { backupFolder, restoreFolder } from '../backup/backup-file.js';
import { Home } from '../home/home.js';
import { byteProgress, formatBytes } from '../terminal/progress-line.js';
import type { CommandContext, Register } from './command-context.js';

const backupOptions = z.object({ out: z.string(), home: z.string().optional(), exportIdentity: z.string().optional() });
const restoreOptions = z.object({ out: z.string(), home: z.string().optional() });

export function addBackupCommands(program: Command, register: Register): void {
  const backup = program
    .command('backup <folder>')
    .description('Encrypt a folder into an age file that only the backup key opens. Makes the key the first time.')
    .requiredOption('--out <file>', 'the age file to write')
    .option('--home <dir>', "this device's state (STRONGROOM_HOME, default ~/.strongroom)")
    .option('--export-identity <file>', 'also write the key as an age identity (0600): whoever has that file can read every backup')
    .addHelpText(
      'after',
      '\nExamples:\n  strongroom backup Documents --out documents.age\n  strongroom backup Documents --out d.age --export-identity key.txt && age -d -i key.txt d.age | tar -t',
    );
  register(backup, (context, options, [folder = '']) => runBackup(context, backupOptions.parse(options), folder));
  const restore = program
    .command('restore <file>')
    .description('Decrypt an age file into a folder that does not exist yet. Every byte is authenticated before the folder appears.')
    .requiredOption('--out <dir>', 'the folder to make')
    .option('--home <dir>', "this device's state (STRONGROOM_HOME, default ~/.strongroom)")
    .addHelpText('after', '\nExample:\n  strongroom recover && strongroom restore documents.age --out Documents');
  register(restore, (context, options, [file = '']) => runRestore(context, restoreOptions.parse(options), file));
}

async function runBackup(
  { terminal, config, nowMs }: CommandContext,
  options: z.infer<typeof backupOptions>,
  folder: string,
): Promise<number> {
  const key = await keyOrNew(new Home(options.home ?? config.STRONGROOM_HOME));
  try {
    const summary = await backupFolder(folder, options.out, key, byteProgress(terminal, 'encrypting', nowMs));
    for (const { name, reason } of summary.skipped) terminal.note(`left out ${name}: it ${reason}`);
    if (options.exportIdentity !== undefined) await exportIdentity(options.exportIdentity, key);
    terminal.line(`${summary.files} files, ${formatBytes(summary.bytes)} -> ${options.out} (${formatBytes(summary.sealedBytes)})`);
    terminal.result({ out: options.out, ...summary });
    return 0;
  } finally {
    key.fill(0);
  }
}

async function runRestore(
  { terminal, config, nowMs }: CommandContext,
  options: z.infer<typeof restoreOptions>,
  file: string,
): Promise<number> {
  const key = await new Home(options.home ?? config.STRONGROOM_HOME).backupKey();
  if (!key) throw new VaultError('NOT_FOUND', 'this device has no backup key: bring it back with `strongroom recover` first');
  try {
    const restored = await restoreFolder(file, options.out, key, byteProgress(terminal, 'decrypting', nowMs));
    terminal.line(`${restored.files} files, ${formatBytes(restored.bytes)} -> ${options.out}`);
    terminal.result({ out: options.out, ...restored });
    return 0;
  } finally {
    key.fill(0);
  }
}

/** The device's backup key, made at its first use. 32 bytes, secret: the caller wipes them. */
export async function keyOrNew(home: Home): Promise<Uint8Array> {
  const kept = await home.backupKey();
  if (kept) return kept;
  const key = randomFillSync(new Uint8Array(BACKUP_KEY_BYTES));
  await home.keepBackupKey(key, false);
  return key;
}

/** `wx`: an identity never overwrites a file. */
export async function exportIdentity(path: string, key: Uint8Array): Promise<void> {
  await writeFile(path, `${ageIdentity(key)}\n`, { mode: 0o600, flag: 'wx' });
}
