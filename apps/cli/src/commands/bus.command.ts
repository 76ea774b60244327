import type { Command } from 'commander';
import { initBus } from '@strongroom/stack';
import { z } from 'zod';
import type { CommandContext, Register } from './command-context.js';

const initOptions = z.object({ keysDir: z.string(), users: z.string() });

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
}

async function runInit({ terminal }: CommandContext, { keysDir, users }: z.infer<typeof initOptions>): Promise<number> {
  const keys = await initBus({ keysDir, usersFile: users });
  for (const [user, publicKey] of keys) terminal.line(`${user.padEnd(18)} ${publicKey}`);
  terminal.result({ usersFile: users, users: Object.fromEntries(keys) });
  return 0;
}
