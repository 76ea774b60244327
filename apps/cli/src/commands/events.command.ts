import type { Command } from 'commander';
import type { CloudEvent } from '@strongroom/contracts';
import { invalid, VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import type { BusDoor } from '../bus/bus-door.js';
import { followEvents } from '../bus/follow-events.js';
import type { CliConfig } from '../config.js';
import { findRunningStack } from '../session/running-stack.js';
import type { Terminal } from '../terminal/terminal.js';
import type { CommandContext, Register } from './command-context.js';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const eventsOptions = z.object({
  nats: z.string().optional(),
  nkey: z.string().optional(),
  since: z.string().optional(),
  count: z.coerce.number().int().min(1).optional(),
});

export function addEventsCommand(program: Command, register: Register): void {
  const events = program
    .command('events')
    .description('Follow what happens in the vault: votes, quorums, releases, confirmations, erasures. No account ids, no secrets.')
    .option('--nats <url>', 'NATS server (NATS_URL, default the vault on this machine)')
    .option('--nkey <file>', "seed of the observer's nkey (NATS_NKEY_FILE, default that of the vault on this machine)")
    .option('--since <duration>', 'first those that the server has kept since then, as in 2h or 7d')
    .option('--count <n>', 'end after so many events')
    .addHelpText('after', '\nExamples:\n  strongroom events\n  strongroom events --since 2h\n  strongroom events --json | jq .type');
  register(events, (context, options) => runEvents(context, eventsOptions.parse(options)));
}

async function runEvents({ terminal, config, signal, nowMs }: CommandContext, options: z.infer<typeof eventsOptions>): Promise<number> {
  const door = busDoor(options, config);
  if (door === undefined)
    throw new VaultError('FLEET_UNAVAILABLE', 'no vault runs on this machine: start one with `npm start`, or give --nats URL');
  const sinceMs = options.since === undefined ? undefined : nowMs() - millisecondsOf(options.since);
  let left = options.count ?? Number.POSITIVE_INFINITY;
  for await (const event of followEvents(door, signal, sinceMs)) {
    showEvent(terminal, event);
    if (--left <= 0) break;
  }
  return 0;
}

function busDoor({ nats, nkey }: z.infer<typeof eventsOptions>, config: CliConfig): BusDoor | undefined {
  const named = nats ?? config.NATS_URL;
  const nkeyFile = nkey ?? config.NATS_NKEY_FILE;
  if (named !== undefined) return { url: named, nkeyFile };
  const running = findRunningStack(config);
  return running && { url: running.natsUrl, nkeyFile: nkeyFile ?? running.natsNkeyFile };
}

/** As in `90s`, `15m`, `2h` or `7d`. */
function millisecondsOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS_MS[unit];
  if (count === undefined || factor === undefined) throw invalid('since', 'must be a number with s, m, h or d, as in 2h');
  return Number(count) * factor;
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
