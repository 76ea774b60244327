import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { invalid } from '@strongroom/protocol';
import { projectRoot, startStack, type Profile, type Stack, type StackOptions } from '@strongroom/stack';
import { z } from 'zod';
import { allHeld, emptyReport, type DemoReport } from '../demo/demo-report.js';
import { runDemo } from '../demo/demo-run.js';
import { DEMO_FAILED } from '../errors/exit-code.js';
import { demoDir, vaultDir } from '../session/running-stack.js';
import { adviceFor } from '../errors/advice.js';
import type { CommandContext, Register } from './command-context.js';
import { preferredPort } from './preferred-port.js';

const GATEWAY_PORT = 8480;
const ERASE_DEADLINE_MS = 2_000;

/** What is changed for the demo, told before it starts; everything else is as it runs in earnest. */
const DEMO_ENV: NonNullable<StackOptions['env']> = {
  'hsm-node': { ATTEMPT_DELAYS: 'off', ERASE_DEADLINE_MS: String(ERASE_DEADLINE_MS) },
  'session-gateway': { RATE_LIMIT_ACCOUNT_PER_MINUTE: '600', RATE_LIMIT_ADDRESS_PER_MINUTE: '3000' },
};
const DEMO_NOTICE = `For the demo the growing delay after wrong codes is off, shares are erased ${ERASE_DEADLINE_MS / 1000} s after the last attempt instead of 10 min,
and the gateway's rate limits are raised. All roles run on this machine under one party, which proves nothing to others.`;

const upOptions = z.object({
  dataDir: z.string().optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  profile: z.enum(['standard', 'hardened']).optional(),
  demo: z.boolean().optional(),
  once: z.boolean().optional(),
  folder: z.string().optional(),
});
const demoOptions = z.object({ folder: z.string().optional() });

export function addDemoCommands(program: Command, register: Register): void {
  const up = program
    .command('up')
    .description('Start a whole vault on this machine: NATS, PostgreSQL, five HSM nodes and the services around them. Ctrl-C stops it.')
    .option('--data-dir <dir>', 'where it keeps everything (STRONGROOM_DATA_DIR, default .strongroom/vault of the project)')
    .option('--port <port>', `port of the gateway (default ${GATEWAY_PORT} if it is free)`)
    .option('--profile <name>', 'standard: 5 nodes, 3 shares, 3 votes; hardened: 7, 4, 5')
    .option('--demo', 'run the demo first, with shortened deadlines, then keep serving')
    .option('--once', 'with --demo: end after it; exit 0 only if every step held')
    .option('--folder <dir>', 'with --demo: the folder that is backed up and brought back (default docs)')
    .addHelpText('after', '\nExamples:\n  strongroom up\n  strongroom up --demo --once --folder ~/Documents');
  register(up, (context, options) => runUp(context, upOptions.parse(options)));
  const demo = program
    .command('demo')
    .description('Start a vault of its own, run the whole job once on real input, and end. Exit 0 only if every step held.')
    .option('--folder <dir>', 'the folder that is backed up and brought back (default docs)')
    .addHelpText('after', '\nExamples:\n  strongroom demo\n  strongroom demo --folder ~/Documents --json | tail -1 | jq .ms');
  register(demo, (context, options) => runOnce(context, demoOptions.parse(options).folder));
}

async function runUp(context: CommandContext, options: z.infer<typeof upOptions>): Promise<number> {
  const { terminal, signal } = context;
  const withDemo = options.demo === true;
  const dataDir = resolve(options.dataDir ?? context.config.STRONGROOM_DATA_DIR ?? (withDemo ? demoDir() : vaultDir()));
  const folder = await demoFolder(options.folder);
  const gatewayPort = options.port ?? (await preferredPort(GATEWAY_PORT));
  if (withDemo) terminal.line(terminal.style('dim', DEMO_NOTICE));
  const started = await start(context, { dataDir, gatewayPort, demo: withDemo, profile: options.profile });
  const { stack } = started;
  try {
    const outcome = withDemo ? await job(context, started, dataDir, folder) : undefined;
    if (options.once !== true && !signal.aborted) {
      describe(context, stack, dataDir);
      await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
      terminal.note('stopping');
    }
    await stack.stop();
    terminal.result(outcome?.result ?? { gatewayUrl: stack.gatewayUrl, fleetId: stack.fleet.fleetId, startMs: started.startMs });
    return outcome === undefined || outcome.held ? 0 : DEMO_FAILED;
  } finally {
    await stack.stop();
  }
}

/** In a folder that is removed afterwards, beside the one of `up --demo`. */
async function runOnce(context: CommandContext, given: string | undefined): Promise<number> {
  const { terminal } = context;
  const folder = await demoFolder(given);
  terminal.line(terminal.style('dim', DEMO_NOTICE));
  const parent = join(projectRoot(), '.strongroom');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const dataDir = await mkdtemp(join(parent, 'demo-'));
  try {
    const started = await start(context, { dataDir, gatewayPort: undefined, demo: true, profile: undefined });
    const { held, result } = await job(context, started, dataDir, folder).finally(() => started.stack.stop());
    terminal.result(result);
    return held ? 0 : DEMO_FAILED;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Started {
  readonly stack: Stack;
  readonly startMs: number;
}

interface StartPlan {
  readonly dataDir: string;
  readonly gatewayPort: number | undefined;
  readonly demo: boolean;
  readonly profile: Profile | undefined;
}

async function start(context: CommandContext, { dataDir, gatewayPort, demo, profile }: StartPlan): Promise<Started> {
  const { terminal, signal, hostEnv, nowMs } = context;
  const startedAt = nowMs();
  const stack = await startStack({
    dataDir,
    hostEnv,
    signal,
    revive: true,
    ...(gatewayPort !== undefined && { gatewayPort }),
    ...(profile && { profile }),
    ...(demo && { env: DEMO_ENV }),
    progress: (line) => terminal.line(line),
  });
  const { n, t, q } = stack.fleet.parameters;
  const startMs = Math.round(nowMs() - startedAt);
  terminal.line(`the vault serves: ${n} HSM nodes as processes of their own, ${t} shares and ${q} votes needed (${startMs} ms)`);
  return { stack, startMs };
}

interface JobOutcome {
  readonly held: boolean;
  readonly result: DemoReport & { readonly error?: string };
}

/** Checked before anything is started. @throws REQUEST_INVALID when it is no folder */
async function demoFolder(given: string | undefined): Promise<string> {
  const folder = resolve(given ?? join(projectRoot(), 'docs'));
  const info = await stat(folder).catch(() => undefined); // missing or unreadable: said below in one way
  if (!info?.isDirectory()) throw invalid('folder', `${folder} is not a folder that can be read`);
  return folder;
}

/** Runs the job and says whether every step held; what was measured before a failure stays in the report. */
async function job(context: CommandContext, { stack, startMs }: Started, dataDir: string, folder: string): Promise<JobOutcome> {
  const { terminal, signal, nowMs } = context;
  const { attempts } = stack.fleet.parameters;
  const report = emptyReport({ start: startMs });
  const workDir = await mkdtemp(join(dataDir, 'run-'));
  try {
    const trustRoot = await readFile(stack.trustRootFile, 'utf8');
    const vault = { gatewayUrl: stack.gatewayUrl, natsUrl: stack.natsUrl, trustRoot, attempts, nodes: stack.services.nodes };
    const say = (line: string): void => terminal.line(`${terminal.style('good', '•')} ${line}`);
    await runDemo({ vault, folder, workDir, signal, say, nowMs }, report);
    const held = allHeld(report, attempts);
    terminal.line(held ? terminal.style('good', 'every step held') : terminal.style('bad', 'not every step held'));
    return { held, result: report };
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    terminal.line(`${terminal.style('bad', 'a step did not hold:')} ${message}`);
    const advice = adviceFor(error);
    if (advice !== undefined) terminal.line(advice);
    return { held: false, result: { ...report, error: message } };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function describe({ terminal }: CommandContext, stack: Stack, dataDir: string): void {
  terminal.line();
  terminal.line(`gateway          ${terminal.style('strong', stack.gatewayUrl)}  (API: ${stack.gatewayUrl}/docs, health: ${stack.gatewayUrl}/health)`);
  for (const [name, url] of Object.entries(stack.healthUrls)) terminal.line(`${name.padEnd(16)} ${url}/health`);
  terminal.line(`trust root       ${stack.trustRootFile}`);
  terminal.line(`data, logs       ${dataDir}`);
  const elsewhere = dataDir === vaultDir() || dataDir === demoDir() ? '' : `STRONGROOM_DATA_DIR=${dataDir} `;
  terminal.line(`try              ${elsewhere}npm run strongroom -- protect | recover | status | fleet show | events`);
  terminal.line('Ctrl-C stops everything.');
}
