import type { Command } from 'commander';
import { initBus, keepEvents } from '@strongroom/stack';
import { invalid, VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import type { CommandContext, Register } from './command-context.js';

const DAY_MS = 86_400_000;
const MEBIBYTE = 1024 * 1024;

const initOptions = z.object({ keysDir: z.string(), users: z.string() });

const keepOptions = z.object({
  nats: z.string().optional(),
  nkey: z.string().optional(),
  days: z.coerce.number().int().min(1).max(3_650),
  mebibytes: z.coerce.number().int().min(1).max(1_048_576),
  notices: z.boolean().optional(),
});

export function addBusCommand(program: Command, register: Register): void {
  const bus = program.command('bus').description('The users of the NATS server: one for each kind of service, and one that only watches.');
  const init = bus
    .command('init')
    .description(
      'Make an nkey for every user, and the block of a nats-server configuration that lets each do no more than it needs. Keeps keys that exist.',
    )
    .requiredOption('--keys-dir <folder>', 'gets a folder for each user, with its seed in the file nkey')
    .option('--users <file>', 'the block, for `include` in the configuration of a nats-server; holds no secret', 'users.conf')
    .addHelpText(
      'after',
      '\nExample:\n  strongroom bus init --keys-dir bus-keys --users nats/users.conf\n\nGive each service its own seed alone: NATS_NKEY_FILE=bus-keys/hsm-node/nkey',
    );
  register(init, (context, options) => runInit(context, initOptions.parse(options)));
  const keep = bus
    .command('keep-events')
    .description(
      'Tell a NATS server with JetStream to keep events for a while, so that `events --since` finds them. Done again, it changes the limits.',
    )
    .option('--nats <url>', 'NATS server (NATS_URL)')
    .option('--nkey <file>', 'seed of the nkey of the user event-keeper (NATS_NKEY_FILE)')
    .option('--days <n>', 'how long an event is kept', '30')
    .option('--mebibytes <n>', 'when there are more, the oldest go first', '64')
    .option('--notices', 'keep notices for the webhook as well, for an hour; they name accounts')
    .addHelpText('after', '\nExample:\n  strongroom bus keep-events --nats nats://127.0.0.1:4222 --nkey bus-keys/event-keeper/nkey');
  register(keep, (context, options) => runKeep(context, keepOptions.parse(options)));
}

async function runInit({ terminal }: CommandContext, { keysDir, users }: z.infer<typeof initOptions>): Promise<number> {
  const keys = await initBus({ keysDir, usersFile: users });
  for (const [user, publicKey] of keys) terminal.line(`${user.padEnd(18)} ${publicKey}`);
  terminal.result({ usersFile: users, users: Object.fromEntries(keys) });
  return 0;
}

async function runKeep({ terminal, config }: CommandContext, options: z.infer<typeof keepOptions>): Promise<number> {
  const url = options.nats ?? config.NATS_URL;
  if (url === undefined) throw invalid('nats', 'is needed: give --nats URL or set NATS_URL');
  const limits = { maxAgeMs: options.days * DAY_MS, maxBytes: options.mebibytes * MEBIBYTE };
  const kept = await keepEvents({ url, nkeyFile: options.nkey ?? config.NATS_NKEY_FILE, notices: options.notices === true, ...limits });
  if (!kept) throw new VaultError('FLEET_UNAVAILABLE', 'this NATS server has no JetStream: put a `jetstream` block into its configuration');
  terminal.line(`events are kept for ${options.days} days, ${options.mebibytes} MiB at most`);
  terminal.result({ days: options.days, mebibytes: options.mebibytes });
  return 0;
}
