import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { VaultError } from '@strongroom/protocol';
import {
  auditLog,
  formatForkEvidence,
  FormatError,
  formatVkey,
  openForkEvidence,
  type AuditReport,
  type ForkEvidence,
} from '@strongroom/transparency';
import { auditOptions, withAuditOptions, type AuditOptions } from '../audit/audit-options.js';
import { offlineSources, readTrustRoots, sourcesNamed, type TrustRoots } from '../audit/audit-places.js';
import { netChanges } from '../audit/net-changes.js';
import { readIfThere, Recording, writeWhole } from '../audit/kept-files.js';
import { AUDIT_EXIT, keyLine, tellAudit } from '../audit/tell-audit.js';
import { Home } from '../home/home.js';
import { findRunningStack } from '../session/running-stack.js';
import type { CommandContext, Register } from './command-context.js';

const HELP = `
Exit codes:
  0 verified   1 a check failed   2 something could not be checked   3 misbehaviour proven   64 wrong usage

Examples:
  strongroom audit --trust-root trust-root.json --log https://auditor.example/log/ --mirror https://vault.example/log/
  strongroom audit watch --every 3600
  strongroom audit diff 3 7
  strongroom audit --evidence fork-3-5.txt --trust-root trust-root.json`;

export function addAuditCommand(program: Command, register: Register): void {
  const audit = program
    .command('audit')
    .argument('[mode]', '`watch` to go on until something fails, `diff` for the keys between two epochs')
    .argument('[from]', 'with diff: the older epoch, 0 for before the first')
    .argument('[to]', 'with diff: the newer epoch')
    .description('Check all that the log ever announced, without an account and trusting nothing but the trust root.');
  register(withAuditOptions(audit).addHelpText('after', HELP), (context, options, args) =>
    runMode(context, auditOptions.parse(options), args),
  );
}

async function runMode(context: CommandContext, options: AuditOptions, [mode, from, to]: readonly string[]): Promise<number> {
  if (mode === undefined)
    return options.evidence === undefined ? runOnce(context, options) : runEvidence(context, options, options.evidence);
  if (mode === 'watch' && from === undefined) return runWatch(context, options);
  if (mode === 'diff') return runDiff(context, options, epochNamed(from), epochNamed(to));
  throw new VaultError('REQUEST_INVALID', `audit has no mode ${mode}`, { field: 'mode' });
}

async function runOnce(context: CommandContext, options: AuditOptions): Promise<number> {
  const { report, forkFile } = await audit(context, options);
  tellAudit(context.terminal, report);
  const { verdict, lines, keys, gossipCode } = report;
  context.terminal.result({ verdict, lines, keys, gossipCode: gossipCode ?? null, forkFile: forkFile ?? null });
  return AUDIT_EXIT[verdict];
}

/** Ends with the first audit that fails; what could not be checked is tried again. */
async function runWatch(context: CommandContext, options: AuditOptions): Promise<number> {
  for (;;) {
    const { report } = await audit(context, options);
    const { verdict, gossipCode = 'no gossip code' } = report;
    context.terminal.note(`${new Date(context.nowMs()).toISOString()} ${verdict} ${gossipCode}`);
    if (verdict === 'failed' || verdict === 'misbehaviour') {
      tellAudit(context.terminal, report);
      context.terminal.result({ verdict, lines: report.lines });
      return AUDIT_EXIT[verdict];
    }
    await pause(options.every * 1000, undefined, { signal: context.signal });
  }
}

async function runDiff(context: CommandContext, options: AuditOptions, from: number, to: number): Promise<number> {
  const { report } = await audit(context, options);
  const whole = report.lines.every(({ check, outcome }) => (check !== 'replay' && check !== 'chain') || outcome === 'ok');
  if (!whole) tellAudit(context.terminal, report);
  const changes = whole ? netChanges(report.keys, from, to) : [];
  for (const change of changes) context.terminal.line(keyLine(change));
  if (whole && changes.length === 0) context.terminal.line(`no key came or went from epoch ${from} to ${to}`);
  context.terminal.result({ verdict: report.verdict, from, to, changes });
  return AUDIT_EXIT[report.verdict];
}

async function runEvidence({ terminal, config }: CommandContext, options: AuditOptions, file: string): Promise<number> {
  const roots = await readTrustRoots(options.trustRoot, new Home(options.home ?? config.STRONGROOM_HOME), findRunningStack(config));
  try {
    const { evidence, trees } = openForkEvidence(await readFile(file));
    const ours = roots.some(({ log }) => log && formatVkey(log.vkey) === formatVkey(evidence.log));
    if (!ours) throw new FormatError('log', `${evidence.log.name} is not the log of this trust root`);
    const sizes = trees.map(({ size }) => size);
    terminal.line(`${evidence.log.name} signed trees of ${sizes.join(' and ')} entries that exclude each other: misbehaviour proven`);
    terminal.result({ verdict: 'misbehaviour', log: formatVkey(evidence.log), sizes });
    return AUDIT_EXIT.misbehaviour;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    terminal.line(`proves nothing: ${error.message}`);
    terminal.result({ verdict: 'failed', reason: error.message });
    return AUDIT_EXIT.failed;
  }
}

type Audited = { readonly report: AuditReport; readonly forkFile: string | undefined };

async function audit(context: CommandContext, options: AuditOptions): Promise<Audited> {
  const { terminal, config, signal } = context;
  const home = new Home(options.home ?? config.STRONGROOM_HOME);
  const running = findRunningStack(config);
  const roots = await readTrustRoots(options.trustRoot, home, running);
  const root = roots[roots.length - 1] ?? roots[0];
  const online = options.log !== undefined || options.gateway !== undefined || options.mirror.length + options.witness.length > 0;
  if (options.offline !== undefined && online)
    throw new VaultError('REQUEST_INVALID', '--offline asks nobody: leave the URLs out', { field: 'offline' });
  const found = options.offline === undefined ? sourcesNamed(options, root, running, signal) : offlineSources(options.offline);
  const recording = new Recording();
  // An old copy is behind what was seen online since, and may be.
  const kept = options.offline === undefined || options.state !== undefined;
  const state = options.state ?? join(home.directory, 'audit', `${nameOf(roots)}.checkpoint`);
  const sources = { ...(options.save === undefined ? found : recording.of(found)), saved: kept ? await readIfThere(state) : undefined };
  const onProgress = (done: number, size: number): void => terminal.progress(`${done} of ${size} entries`);
  const report = await auditLog({ trustRoots: roots, sources, nowMs: options.at ?? context.nowMs(), onProgress });
  signal.throwIfAborted();
  if (options.save !== undefined) await recording.write(options.save);
  if (kept && report.checkpoint !== undefined) await writeWhole(state, report.checkpoint);
  const [fork] = report.forks;
  return { report, forkFile: fork && (await keepFork(fork, dirname(state), terminal)) };
}

async function keepFork(fork: ForkEvidence, folder: string, terminal: CommandContext['terminal']): Promise<string> {
  const text = formatForkEvidence(fork);
  const [small, large] = openForkEvidence(Buffer.from(text)).trees;
  const file = join(folder, `fork-${small.size}-${large.size}.txt`);
  await writeWhole(file, text);
  terminal.note(`the proof is in ${file}; anybody can check it with \`strongroom audit --evidence\``);
  return file;
}

/** A state for each log, so that one device can follow several. */
function nameOf(roots: TrustRoots): string {
  const origin = (roots[roots.length - 1] ?? roots[0]).log?.vkey.name ?? '';
  return createHash('sha256').update(origin).digest('hex').slice(0, 16);
}

function epochNamed(text: string | undefined): number {
  if (text === undefined || !/^(?:0|[1-9]\d{0,8})$/.test(text))
    throw new VaultError('REQUEST_INVALID', 'name two epochs, as in `audit diff 3 7`', { field: 'epoch' });
  return Number(text);
}
