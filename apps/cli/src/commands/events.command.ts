import { connect } from '@nats-io/transport-node';
import { nkeyLogin } from '@strongroom/platform';
import type { Command } from 'commander';
import { cloudEventSchema, type CloudEvent } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import type { CliConfig } from '../config.js';
import { findRunningStack } from '../session/running-stack.js';
import type { Terminal } from '../terminal/terminal.js';
import type { CommandContext, Register } from './command-context.js';

const EVENTS = 'strongroom.evt.>';
const CONNECT_TIMEOUT_MS = 5_000;

const eventsOptions = z.object({
  nats: z.string().optional(),
  nkey: z.string().optional(),
  count: z.coerce.number().int().min(1).optional(),
});

export function addEventsCommand(program: Command, register: Register): void {
  const events = program
    .command('events')
    .description('Follow what happens in the vault: votes, quorums, releases, confirmations, erasures. No account ids, no secrets.')
    .option('--nats <url>', 'NATS server (NATS_URL, default the vault on this machine)')
    .option('--nkey <file>', "seed of the observer's nkey (NATS_NKEY_FILE, default that of the vault on this machine)")
    .option('--count <n>', 'end after so many events')
    .addHelpText('after', '\nExamples:\n  strongroom events\n  strongroom events --json | jq .type');
  register(events, (context, options) => runEvents(context, eventsOptions.parse(options)));
}

async function runEvents({ terminal, config, signal }: CommandContext, options: z.infer<typeof eventsOptions>): Promise<number> {
  const door = busDoor(options, config);
  if (door === undefined)
    throw new VaultError('FLEET_UNAVAILABLE', 'no vault runs on this machine: start one with `npm start`, or give --nats URL');
  let left = options.count ?? Number.POSITIVE_INFINITY;
  for await (const event of followEvents(door, signal)) {
    showEvent(terminal, event);
    if (--left <= 0) break;
  }
  return 0;
}

/** Where the bus is reached, and the file with the nkey of whoever watches, where the URL holds no login. */
export interface BusDoor {
  readonly url: string;
  readonly nkeyFile: string | undefined;
}

function busDoor({ nats, nkey }: z.infer<typeof eventsOptions>, config: CliConfig): BusDoor | undefined {
  const named = nats ?? config.NATS_URL;
  const nkeyFile = nkey ?? config.NATS_NKEY_FILE;
  if (named !== undefined) return { url: named, nkeyFile };
  const running = findRunningStack(config);
  return running && { url: running.natsUrl, nkeyFile: nkeyFile ?? running.natsNkeyFile };
}

/** Every CloudEvent of the vault from now on, until the signal aborts. @throws FLEET_UNAVAILABLE when no server answers */
export async function* followEvents(door: BusDoor, signal: AbortSignal): AsyncGenerator<CloudEvent> {
  const connection = await open(door);
  const subscription = connection.subscribe(EVENTS);
  const stop = (): void => void connection.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await connection.flush();
    for await (const message of subscription) {
      const event = cloudEventSchema.safeParse(parseJson(message.string()));
      if (event.success) yield event.data;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await connection.close();
  }
}

async function open({ url, nkeyFile }: BusDoor): ReturnType<typeof connect> {
  const { username, password, host } = new URL(url);
  try {
    const key = nkeyFile === undefined ? {} : { authenticator: nkeyLogin(nkeyFile) };
    const login = username === '' ? key : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return await connect({ servers: host, ...login, name: 'strongroom-events', timeout: CONNECT_TIMEOUT_MS, noAsyncTraces: true });
  } catch (cause) {
    throw new VaultError('FLEET_UNAVAILABLE', `cannot reach NATS at ${host}`, {}, { cause });
  }
}

/** One line for people; with `--json` one object a line. */
export function showEvent(terminal: Terminal, event: CloudEvent): void {
  if (terminal.json) return terminal.result(event);
  const name = event.type.replace(/^strongroom\.evt\./, '').replace(/\.v\d+$/, '');
  const data = z.record(z.string(), z.unknown()).safeParse(event.data);
  const facts = Object.entries(data.success ? data.data : {}).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  terminal.line(`${terminal.style('dim', event.time)} ${terminal.style('strong', name.padEnd(34))} ${facts.join(' ').slice(0, 160)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not an event of ours: the schema refuses it
  }
}
