import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createLog } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import { createWitnessKey, OpenWitness, PublicServer } from '@strongroom/tlog';
import { formatVkey, isKeyName, parseTrustRoot, parseVkey, type Vkey } from '@strongroom/transparency';
import { z } from 'zod';
import type { CommandContext, Register } from './command-context.js';
import { wellFormed } from './well-formed.js';

const name = z.string().refine(isKeyName, { error: 'must have no space and no plus' });
const initOptions = z.object({ dir: z.string(), name });
const runOptions = initOptions.extend({
  log: z.array(z.string()),
  trustRoot: z.string().optional(),
  host: z.string(),
  port: z.coerce.number().int().min(0).max(65_535),
});

export function addWitnessCommands(program: Command, register: Register): void {
  const witness = program
    .command('witness')
    .description('Be a witness of logs: cosign only checkpoints that continue what was seen before.');
  const init = witness
    .command('init')
    .description('Make the key of a witness and print its verifier key, which goes into trust roots. Keeps what exists.')
    .requiredOption('--dir <dir>', 'where key and memory lie: never restored from a backup, or it may contradict itself')
    .requiredOption('--name <name>', 'of its key, as in witness.example/w1')
    .addHelpText('after', '\nExample:\n  strongroom witness init --dir witness --name witness.example/w1');
  register(init, (context, options) => runInit(context, initOptions.parse(options)));
  const run = witness
    .command('run')
    .description('Serve POST /add-checkpoint and GET /<origin hash>/checkpoint (C2SP tlog-witness) until it is stopped.')
    .requiredOption('--dir <dir>', 'as in witness init')
    .requiredOption('--name <name>', 'as in witness init')
    .option('--log <vkey>', 'verifier key of a log; again for each further one', (value: string, all: string[]) => [...all, value], [])
    .option('--trust-root <file>', 'witness the logs that this trust root names')
    .option('--host <address>', 'address that it listens on', '127.0.0.1')
    .option('--port <port>', 'port; 0 for any', '8487')
    .addHelpText('after', '\nExample:\n  strongroom witness run --dir witness --name witness.example/w1 --log "$LOG_VKEY" --host 0.0.0.0');
  register(run, (context, options) => runWitness(context, runOptions.parse(options)));
}

async function runInit({ terminal }: CommandContext, { dir, name: keyName }: z.infer<typeof initOptions>): Promise<number> {
  const vkey = formatVkey(await createWitnessKey(dir, keyName));
  terminal.line(vkey);
  terminal.result({ vkey });
  return 0;
}

async function runWitness({ terminal, signal, nowMs }: CommandContext, options: z.infer<typeof runOptions>): Promise<number> {
  const { dir: folder, name: keyName, host, port } = options;
  const log = createLog('witness', 'info');
  const open = await OpenWitness.open({ folder, name: keyName, logs: await wellFormed(() => logsOf(options)), nowMs, log });
  const server = await PublicServer.listen({ port, host, routes: [open.route('/')], log });
  terminal.note(`${formatVkey(open.witness.vkey)} answers at http://${host}:${server.port}/ for ${open.witness.origins.join(', ')}`);
  log.info({ event: 'service.ready', port: server.port });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  open.close();
  return 0;
}

/** @throws REQUEST_INVALID when there are none */
async function logsOf({ log, trustRoot: file }: z.infer<typeof runOptions>): Promise<readonly Vkey[]> {
  const named = file === undefined ? undefined : parseTrustRoot(await readFile(file, 'utf8')).log;
  const logs = [...log.map(parseVkey), ...(named ? [named.vkey] : []), ...(named?.evidence ? [named.evidence] : [])];
  if (logs.length === 0) throw new VaultError('REQUEST_INVALID', 'give --log or a trust root that names a log', { field: 'log' });
  return logs;
}
