import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { VaultError } from '@strongroom/protocol';
import { DiskSource, FolderDisk, HttpSource, logName } from '@strongroom/tlog';
import {
  formatVkey,
  fsck,
  parseTrustRoot,
  parseVkey,
  SourceUnavailable,
  type FsckReport,
  type LogSource,
  type Vkey,
} from '@strongroom/transparency';
import { z } from 'zod';
import { Home } from '../home/home.js';
import { findRunningStack } from '../session/running-stack.js';
import type { CommandContext, Register } from './command-context.js';
import { wellFormed } from './well-formed.js';

const fsckOptions = z.object({
  key: z.string().optional(),
  trustRoot: z.string().optional(),
  evidence: z.boolean().default(false),
  home: z.string().optional(),
});
type FsckOptions = z.infer<typeof fsckOptions>;

/** Of `log fsck` alone, as TRANSPARENCY 6 has them for every check of a log. */
const FAILED = 1;
const COULD_NOT_CHECK = 2;

export function addLogCommands(program: Command, register: Register): void {
  const log = program.command('log').description('Look at the public log of the bundles.');
  const check = log
    .command('fsck')
    .argument('[log]', 'URL prefix or folder of the log (default the vault on this machine)')
    .description('Derive a log again from its entries: every entry, every tile, the root and the signature on the checkpoint.')
    .option('--trust-root <file>', 'names the key of the log')
    .option('--key <vkey>', 'the key itself, for logs of others')
    .option('--evidence', 'the evidence log instead')
    .option('--home <dir>', 'state of this device')
    .addHelpText(
      'after',
      `\nExit codes:\n  0 whole   1 it contradicts what it signed, or lacks a part   2 could not be checked   64 wrong usage\n\nExamples:\n  strongroom log fsck https://auditor.example/log/ --trust-root trust-root.json\n  strongroom log fsck ./log-mirror/log --json`,
    );
  register(check, (context, options, args) => runFsck(context, fsckOptions.parse(options), args[0]));
}

async function runFsck(context: CommandContext, options: FsckOptions, given: string | undefined): Promise<number> {
  const { terminal, signal } = context;
  const vkey = await wellFormed(() => keyOf(context, options));
  const running = findRunningStack(context.config)?.logUrl;
  // The logs of an auditor lie beside each other, each under the last part of its origin.
  const place = given ?? (running && new URL(`../${logName(vkey.name)}/`, running).href);
  if (place === undefined) throw new VaultError('REQUEST_INVALID', 'give the URL or the folder of a log', { field: 'log' });
  terminal.note(`checking ${place} with ${formatVkey(vkey)}`);
  try {
    const report = await fsck(sourceOf(place, signal), vkey, (done, size) => terminal.progress(`${done} of ${size} entries`));
    return told(context, report);
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    terminal.note(`could not check: ${error.message}`);
    terminal.result({ outcome: 'unavailable', reason: error.message });
    return COULD_NOT_CHECK;
  }
}

function told({ terminal }: CommandContext, report: FsckReport): number {
  for (const problem of report.problems) terminal.line(`${terminal.style('bad', 'FAIL')} ${problem}`);
  const verdict = report.outcome === 'ok' ? terminal.style('good', 'whole') : terminal.style('bad', 'not whole');
  terminal.line(`${report.origin}: ${report.size} entries, root ${report.root}, ${report.files} files read: ${verdict}`);
  terminal.result(report);
  return report.outcome === 'ok' ? 0 : FAILED;
}

function sourceOf(place: string, signal: AbortSignal): LogSource {
  return /^https?:\/\//.test(place) ? new HttpSource(place, signal) : new DiskSource(FolderDisk.existing(place));
}

/** @throws REQUEST_INVALID when no key is known; FormatError when it is none */
async function keyOf({ config }: CommandContext, { key, trustRoot: file, evidence, home: dir }: FsckOptions): Promise<Vkey> {
  if (key !== undefined) return parseVkey(key);
  const home = new Home(dir ?? config.STRONGROOM_HOME);
  const known = file ?? findRunningStack(config)?.trustRootFile;
  const root = parseTrustRoot(known === undefined ? await home.trustRoot([home.trustRootFile]) : await readFile(known, 'utf8'));
  const vkey = evidence ? root.log?.evidence : root.log?.vkey;
  if (vkey) return vkey;
  throw new VaultError('REQUEST_INVALID', 'the trust root names no such log', { field: 'trustRoot' });
}
