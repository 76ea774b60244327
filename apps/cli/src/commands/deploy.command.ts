import type { Command } from 'commander';
import { VaultError } from '@strongroom/protocol';
import { deployFleet, type FleetPlan } from '@strongroom/stack';
import { parseTrustRoot } from '@strongroom/transparency';
import { Ceremony } from '../ceremony/ceremony.js';
import { describeCeremony } from '../ceremony/dry-run.js';
import { operatorOf } from '../session/operator-session.js';
import type { CommandContext, Register } from './command-context.js';
import { ceremonyOf, trustRootText, type CommandCeremony } from './deploy-ceremony.js';
import { deployOptions, withDeployOptions, type DeployOptions } from './deploy-options.js';
import { parametersAsked } from './fleet-parameters.js';

export function addDeployCommand(fleet: Command, register: Register): void {
  const deploy = withDeployOptions(fleet.command('deploy'))
    .description(
      'Operators: form a fleet of enrolled nodes and lead it to a bundle that both roles sign. With custodians in the trust root this is ' +
        'a ceremony: they sign for the machines, the fleet answers known questions, and the bundle names what was signed. Done again, it goes on where it stopped.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  strongroom fleet deploy --fleet eu-1 --dry-run\n  strongroom fleet deploy --fleet eu-1 --profile hardened --who operator' +
        '\n  strongroom fleet deploy --fleet eu-1 --signature admission.1.json admission.2.json\n  strongroom fleet deploy --fleet eu-1 --stopped 4,5',
    );
  register(deploy, (context, options) => runDeploy(context, deployOptions.parse(options)));
}

async function runDeploy(context: CommandContext, options: DeployOptions): Promise<number> {
  const { terminal, config, nowMs } = context;
  const operator = operatorOf(options, config);
  const plan: FleetPlan = {
    fleetId: options.fleet,
    parameters: parametersAsked(options),
    ...(options.members.length > 0 && { members: options.members }),
    timeoutMs: options.timeout * 1000,
    nowMs: nowMs(),
    progress: (line) => terminal.note(line),
    signal: context.signal,
  };
  const text = await trustRootText(context, options);
  const trustRoot = text === undefined ? undefined : parseTrustRoot(text);
  if (text !== undefined && trustRoot?.custodians) {
    return runCeremony(context, options, await ceremonyOf(context, options, { operator, plan, text, trustRoot }));
  }
  if (options.dryRun === true)
    throw new VaultError('REQUEST_INVALID', 'there is no ceremony to rehearse: the trust root names no custodians', { field: 'dryRun' });
  terminal.note('The trust root names no custodians: no ceremony is held, and the bundle says `deployment none`.');
  const { fleet, bundle } = await deployFleet(operator, plan);
  terminal.line(`Fleet ${fleet.fleetId} serves with ${fleet.parameters.n} nodes; bundle epoch ${bundle.epoch}, ${bundle.digest}.`);
  terminal.result({ fleet, bundle: { epoch: bundle.epoch, digest: bundle.digest }, deployment: 'none' });
  return 0;
}

async function runCeremony({ terminal }: CommandContext, options: DeployOptions, { parts, forget }: CommandCeremony): Promise<number> {
  if (options.dryRun === true) {
    const steps = await describeCeremony(parts);
    for (const { step, state, what } of steps) terminal.line(`${state.padEnd(7)} ${step}: ${what}`);
    terminal.line('Nothing was changed.');
    terminal.result({ dryRun: true, ceremony: parts.folder.directory, steps });
    return 0;
  }
  const { envelope, digest, bundle } = await new Ceremony(parts).hold();
  await forget();
  const file = `${parts.folder.directory}/acceptance.json`;
  // It may be about to expire, and every node has to serve again after the tests.
  const { fleet, bundle: newest } = await deployFleet(parts.operator, parts.plan);
  terminal.line(
    `Fleet ${fleet.fleetId} serves with ${fleet.parameters.n} nodes; bundle epoch ${newest.epoch} names the deployment ${digest}.`,
  );
  terminal.line(`${file}: ${envelope.signatures.length} signatures; show it with \`strongroom evidence render ${file} --out …\`.`);
  terminal.result({ fleet, bundle: { epoch: newest.epoch, digest: newest.digest }, deployment: digest, announcedIn: bundle.epoch, file });
  return 0;
}
