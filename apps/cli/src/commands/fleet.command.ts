import type { Command } from 'commander';
import { exactUpTo, toHex } from '@strongroom/protocol';
import { OperatorClient, PROFILES, refreshFleet, replaceNode } from '@strongroom/stack';
import type { CheckReport } from '@strongroom/transparency';
import { z } from 'zod';
import { openSession } from '../session/open-session.js';
import { operatorOf } from '../session/operator-session.js';
import type { CommandContext, Register } from './command-context.js';
import { addDeployCommand } from './deploy.command.js';
import { parameterOptions, parametersAsked, withParameters } from './fleet-parameters.js';
import { guessLines, guessRows } from './guess-table.js';
import { sessionOptions, withSession } from './session-options.js';

const replaceOptions = z.object({
  gateway: z.url({ protocol: /^https?$/ }).optional(),
  fleet: z.string(),
  timeout: z.coerce.number().int().min(1).max(3600),
  node: z.coerce.number().int().min(1).max(32),
  by: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
const refreshOptions = replaceOptions.pick({ gateway: true, fleet: true, timeout: true }).extend({ dryRun: z.boolean() });

export function addFleetCommands(program: Command, register: Register): void {
  const fleet = program.command('fleet').description('Look at the fleet and its bundle, or deploy one.');
  const show = withSession(fleet.command('show'))
    .description('Fetch the newest bundle, check it, and show what each check looked at.')
    .addHelpText('after', '\nExample:\n  strongroom fleet show --gateway https://vault.example --trust-root trust-root.json');
  register(show, (context, options) => runShow(context, sessionOptions.parse(options)));
  const bounds = withParameters(fleet.command('bounds'))
    .description('Compute how many guesses b corrupt nodes allow in a fleet with these parameters. Asks nobody.')
    .addHelpText('after', '\nExamples:\n  strongroom fleet bounds --profile hardened\n  strongroom fleet bounds --n 7 --t 4 --q 6 --json');
  register(bounds, (context, options) => runBounds(context, parameterOptions.parse(options)));
  addDeployCommand(fleet, register);
  const replace = fleet
    .command('replace-node')
    .description('Operators: put a newly enrolled node in the place of one that is lost. Users do nothing; its shares are rebuilt.')
    .option('--gateway <url>', 'session gateway (STRONGROOM_GATEWAY, default the vault on this machine)')
    .option('--fleet <id>', 'name of the fleet', 'main')
    .requiredOption('--node <index>', 'whose place it is, from 1')
    .option('--by <hex>', 'enrolment digest or identity key of the new node; the newest enrolled one that no fleet has, unless given')
    .option('--timeout <seconds>', 'how long each step may take', '60')
    .addHelpText('after', '\nExample:\n  STRONGROOM_OPERATOR_TOKEN=… strongroom fleet replace-node --fleet eu-1 --node 3');
  register(replace, (context, options) => runReplace(context, replaceOptions.parse(options)));
  const refresh = fleet
    .command('refresh')
    .description('Operators: have every node make its shares anew and destroy the old ones. Users do nothing; recoveries go on meanwhile.')
    .option('--gateway <url>', 'session gateway (STRONGROOM_GATEWAY, default the vault on this machine)')
    .option('--fleet <id>', 'name of the fleet', 'main')
    .option('--dry-run', 'say what would be done and change nothing', false)
    .option('--timeout <seconds>', 'how long each step may take, and how long the nodes may go without reaching one more version', '60')
    .addHelpText(
      'after',
      '\nAll nodes have to be up and to hold their shares. Broken off, the nodes go on; done again, it follows them. `strongroom fleet show` shows how far they are.\n\nExample:\n  STRONGROOM_OPERATOR_TOKEN=… strongroom fleet refresh --fleet eu-1',
    );
  register(refresh, (context, options) => runRefresh(context, refreshOptions.parse(options)));
}

async function runShow({ terminal, config, signal }: CommandContext, options: z.infer<typeof sessionOptions>): Promise<number> {
  const { client, gatewayUrl } = await openSession(options, config);
  const { environment, epoch, digest, issuedAt, expiresAt, fleets, checks, verified, gossipCode } = await client.fleet({ signal });
  terminal.line(terminal.style(environment === 'hsm' ? 'good' : 'bad', `environment ${environment}`));
  terminal.line(`bundle epoch ${epoch}, ${digest}, issued ${issuedAt.toISOString()}, expires ${expiresAt.toISOString()}`);
  const health = await new OperatorClient({ gatewayUrl, token: () => Promise.resolve('') }).health();
  for (const { fleetId, epoch: fleetEpoch, state, n, t, q, attempts, ksf, members } of fleets) {
    const { live = 0, missingShares = null, staleShares = null } = health.fleets.find((one) => one.fleetId === fleetId) ?? {};
    terminal.line(
      `fleet ${fleetId} ${state}, epoch ${fleetEpoch}: ${n} nodes, ${t} shares and ${q} votes needed, ${attempts} attempts, ${ksf}`,
    );
    terminal.line(
      `  ${live} nodes live, ${missingShares ?? '?'} shares still to be rebuilt, ${staleShares ?? '?'} versions still to be shared anew`,
    );
    for (const { index, identityKey } of members) terminal.line(terminal.style('dim', `  node ${index} ${toHex(identityKey)}`));
    for (const line of guessLines({ n, t, q, attempts })) terminal.line(`  ${line}`);
  }
  for (const { number, check, outcome, saw } of checks) {
    terminal.line(`${terminal.style(outcome === 'ok' ? 'good' : 'dim', outcome.padEnd(7))} ${String(number).padStart(2)} ${check}: ${saw}`);
  }
  terminal.line(terminal.style(verified ? 'good' : 'bad', verified ? 'verified' : verdictOf(checks)));
  if (gossipCode !== null) terminal.line(`gossip code ${gossipCode}: whoever sees the same size with another root was shown another log`);
  const shown = fleets.map(({ members, ...fleet }) => ({
    ...fleet,
    bounds: guessRows(fleet),
    missingShares: health.fleets.find((one) => one.fleetId === fleet.fleetId)?.missingShares ?? null,
    staleShares: health.fleets.find((one) => one.fleetId === fleet.fleetId)?.staleShares ?? null,
    members: members.map(({ index, identityKey }) => ({ index, identityKey: toHex(identityKey) })),
  }));
  terminal.result({ environment, epoch, digest, issuedAt, expiresAt, fleets: shown, checks, verified, gossipCode });
  return 0;
}

/** A step that did not run, or that the witnesses did not vouch for, is no success. */
function verdictOf(checks: readonly CheckReport[]): string {
  const open = checks.filter(({ outcome }) => outcome !== 'ok').map(({ check, outcome }) => `${check} ${outcome}`);
  return `not verified in full: ${open.join(', ')}`;
}

function runBounds({ terminal }: CommandContext, options: z.infer<typeof parameterOptions>): Promise<number> {
  const { n, t, q, attempts } = parametersAsked(options) ?? PROFILES.standard;
  terminal.line(`${n} nodes, ${t} shares and ${q} votes needed, ${attempts} attempts`);
  for (const line of guessLines({ n, t, q, attempts })) terminal.line(line);
  terminal.result({ n, t, q, attempts, exactUpTo: exactUpTo({ n, t, q, attempts }), bounds: guessRows({ n, t, q, attempts }) });
  return Promise.resolve(0);
}

async function runReplace({ terminal, config }: CommandContext, options: z.infer<typeof replaceOptions>): Promise<number> {
  const { fleet, bundle, missingShares } = await replaceNode(operatorOf(options, config), {
    fleetId: options.fleet,
    node: options.node,
    by: options.by,
    timeoutMs: options.timeout * 1000,
    progress: (line) => terminal.note(line),
  });
  terminal.line(`Fleet ${fleet.fleetId} serves in epoch ${fleet.epoch} with the new node ${options.node}; bundle epoch ${bundle.epoch}.`);
  if (missingShares !== 0) terminal.line(`${missingShares ?? 'Its'} shares are being rebuilt; \`strongroom fleet show\` follows them.`);
  terminal.result({ fleet, bundle: { epoch: bundle.epoch, digest: bundle.digest }, missingShares });
  return 0;
}

async function runRefresh({ terminal, config }: CommandContext, options: z.infer<typeof refreshOptions>): Promise<number> {
  const { fleet, bundle, staleShares } = await refreshFleet(operatorOf(options, config), {
    fleetId: options.fleet,
    timeoutMs: options.timeout * 1000,
    dryRun: options.dryRun,
    progress: (line) => terminal.note(line),
  });
  if (bundle !== undefined) {
    terminal.line(
      `Fleet ${fleet.fleetId} serves in epoch ${fleet.epoch} with new shares at all ${fleet.parameters.n} nodes; bundle epoch ${bundle.epoch}.`,
    );
  }
  terminal.result({ fleet, bundle: bundle && { epoch: bundle.epoch, digest: bundle.digest }, staleShares });
  return 0;
}
