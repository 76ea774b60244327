import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { invalid } from '@strongroom/protocol';
import { projectRoot, type FleetParameters, type Stack } from '@strongroom/stack';
import { z } from 'zod';
import { demoFolder, runJob } from '../demo/demo-job.js';
import { NODES_TO_KILL } from '../demo/demo-report.js';
import { DEMO_NOTICE, startVault } from '../demo/start-vault.js';
import { DEMO_FAILED } from '../errors/exit-code.js';
import { demoDir, vaultDir } from '../session/running-stack.js';
import type { CommandContext, Register } from './command-context.js';
import { parameterOptions, parametersAsked, withParameters } from './fleet-parameters.js';
import { preferredPort } from './preferred-port.js';

const GATEWAY_PORT = 8480;

const upOptions = parameterOptions.extend({
  dataDir: z.string().optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  demo: z.boolean().optional(),
  once: z.boolean().optional(),
  folder: z.string().optional(),
});
const demoOptions = parameterOptions.extend({ folder: z.string().optional() });

export function addDemoCommands(program: Command, register: Register): void {
  const up = withParameters(program.command('up'))
    .description(
      'Start a whole vault on this machine: NATS, PostgreSQL, a fleet of HSM nodes and the services around them. Ctrl-C stops it.',
    )
    .option('--data-dir <dir>', 'where it keeps everything (STRONGROOM_DATA_DIR, default .strongroom/vault of the project)')
    .option('--port <port>', `port of the gateway (default ${GATEWAY_PORT} if it is free)`)
    .option('--demo', 'run the demo first, with shortened deadlines, then keep serving')
    .option('--once', 'with --demo: end after it; exit 0 only if every step held')
    .option('--folder <dir>', 'with --demo: the folder that is backed up and brought back (default docs)')
    .addHelpText(
      'after',
      '\nExamples:\n  strongroom up\n  strongroom up --profile hardened --data-dir seven\n  strongroom up --demo --once --folder ~/Documents',
    );
  register(up, (context, options) => runUp(context, upOptions.parse(options)));
  const demo = withParameters(program.command('demo'))
    .description('Start a vault of its own, run the whole job once on real input, and end. Exit 0 only if every step held.')
    .option('--folder <dir>', 'the folder that is backed up and brought back (default docs)')
    .addHelpText(
      'after',
      '\nExamples:\n  strongroom demo\n  strongroom demo --profile hardened\n  strongroom demo --folder ~/Documents --json | tail -1 | jq .ms',
    );
  register(demo, (context, options) => runOnce(context, demoOptions.parse(options)));
}

async function runUp(context: CommandContext, options: z.infer<typeof upOptions>): Promise<number> {
  const { terminal, signal } = context;
  const withDemo = options.demo === true;
  const parameters = withDemo ? demoParameters(options) : parametersAsked(options);
  const dataDir = resolve(options.dataDir ?? context.config.STRONGROOM_DATA_DIR ?? (withDemo ? demoDir(parameters) : vaultDir()));
  const folder = await demoFolder(options.folder);
  const gatewayPort = options.port ?? (await preferredPort(GATEWAY_PORT));
  if (withDemo) terminal.line(terminal.style('dim', DEMO_NOTICE));
  const started = await startVault(context, { dataDir, gatewayPort, demo: withDemo, parameters });
  const { stack } = started;
  try {
    const outcome = withDemo ? await runJob(context, started, dataDir, folder) : undefined;
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
async function runOnce(context: CommandContext, options: z.infer<typeof demoOptions>): Promise<number> {
  const { terminal } = context;
  const parameters = demoParameters(options);
  const folder = await demoFolder(options.folder);
  terminal.line(terminal.style('dim', DEMO_NOTICE));
  const parent = join(projectRoot(), '.strongroom');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const dataDir = await mkdtemp(join(parent, 'demo-'));
  try {
    const started = await startVault(context, { dataDir, gatewayPort: undefined, demo: true, parameters });
    const { held, result } = await runJob(context, started, dataDir, folder).finally(() => started.stack.stop());
    terminal.result(result);
    return held ? 0 : DEMO_FAILED;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** @throws REQUEST_INVALID also when the fleet would not outlive what the demo does to it */
function demoParameters(options: z.infer<typeof parameterOptions>): FleetParameters | undefined {
  const parameters = parametersAsked(options);
  if (parameters === undefined || parameters.n - parameters.q >= NODES_TO_KILL) return parameters;
  throw invalid('parameters', `the demo kills ${NODES_TO_KILL} nodes, so n - q must be at least ${NODES_TO_KILL}`);
}

/** With the places of this vault in the link; the trust root is what a person brings. */
function auditPage({ gatewayUrl, logUrl = '', mirrorUrl = '' }: Stack): string {
  return `${gatewayUrl}/console/audit#${new URLSearchParams({ log: logUrl, mirror: mirrorUrl }).toString()}`;
}

function describe({ terminal }: CommandContext, stack: Stack, dataDir: string): void {
  terminal.line();
  terminal.line(
    `gateway          ${terminal.style('strong', stack.gatewayUrl)}  (API: ${stack.gatewayUrl}/docs, health: ${stack.gatewayUrl}/health)`,
  );
  for (const [name, url] of Object.entries(stack.healthUrls)) terminal.line(`${name.padEnd(16)} ${url}/health`);
  if (stack.logUrl !== undefined) terminal.line(`public log       ${stack.logUrl}checkpoint, mirror: ${stack.mirrorUrl ?? ''}`);
  if (stack.logUrl !== undefined) terminal.line(`audit page       ${auditPage(stack)}`);
  terminal.line(`trust root       ${stack.trustRootFile}`);
  terminal.line(`data, logs       ${dataDir}`);
  const elsewhere = dataDir === vaultDir() || dataDir === demoDir() ? '' : `STRONGROOM_DATA_DIR=${dataDir} `;
  terminal.line(`try              ${elsewhere}npm run strongroom -- protect | recover | status | fleet show | log fsck | events`);
  terminal.line('Ctrl-C stops everything.');
}
