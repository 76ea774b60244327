import { join } from 'node:path';
import { systemClock, systemRandom } from '@strongroom/client';
import { developmentTokens } from '@strongroom/client/development';
import { FileDeviceStore, workerThreadStretcher } from '@strongroom/client/node';
import { createSigningKey, nodeVerifier } from '@strongroom/platform';
import { toBase64url, VaultError } from '@strongroom/protocol';
import { projectRoot, type FleetPlan, type OperatorClient } from '@strongroom/stack';
import type { TrustRoot } from '@strongroom/transparency';
import type { CeremonyParts } from '../ceremony/ceremony.js';
import { CeremonyFolder } from '../ceremony/ceremony-state.js';
import { softwareOf } from '../ceremony/software.js';
import { ThrowAwayAccount } from '../ceremony/throw-away-account.js';
import { openCustodianKey } from '../custodian/custodian-key.js';
import { readEnvelopeFile } from '../evidence/envelope-file.js';
import { Home } from '../home/home.js';
import { gatewayUrlOf } from '../session/open-session.js';
import { findRunningStack } from '../session/running-stack.js';
import type { CommandContext } from './command-context.js';
import { passphraseOf } from './custodian.command.js';
import type { DeployOptions } from './deploy-options.js';

export type CommandCeremony = {
  readonly parts: CeremonyParts & { readonly operator: OperatorClient };
  /** Deletes the throw-away account once nothing is asked of it any more. */
  readonly forget: () => Promise<void>;
};

type Found = { readonly operator: OperatorClient; readonly plan: FleetPlan; readonly text: string; readonly trustRoot: TrustRoot };

/** The ceremony as the command line asks for it. Nothing is written here but what `ask` needs, and that once it is asked. */
export async function ceremonyOf(
  context: CommandContext,
  options: DeployOptions,
  { operator, plan, text, trustRoot }: Found,
): Promise<CommandCeremony> {
  const { config, nowMs } = context;
  const fleet = (await operator.fleets()).find(({ fleetId }) => fleetId === plan.fleetId);
  const directory = options.ceremony ?? `ceremony-${plan.fleetId}-${fleet?.epoch ?? 1}`;
  const account = accountIn(join(directory, 'account'), context, options, text);
  const passphrase = (): Promise<string> => passphraseOf(context, options.passphraseFile, false);
  return {
    parts: {
      operator,
      trustRoot,
      plan,
      folder: new CeremonyFolder(directory),
      who: options.who ?? config.USER ?? 'operator',
      signing: {
        keys: options.custodianKey.map((path) => () => openCustodianKey(path, passphrase)),
        brought: await Promise.all(options.signature.map(readEnvelopeFile)),
      },
      software: () => softwareOf(projectRoot(), { source: options.source, builder: options.builder, image: options.imageDigest }),
      ask: async (question) => (await account()).ask(question),
      skip: new Set(options.skip),
      stopped: options.stopped,
      remark: options.remark,
      nowMs,
    },
    forget: async () => (await account()).forget(),
  };
}

/** Its key and its code lie in a folder of the ceremony, 0700, so that a ceremony that was stopped goes on with them. */
function accountIn(
  directory: string,
  { config, nowMs }: CommandContext,
  options: DeployOptions,
  trustRoot: string,
): () => Promise<ThrowAwayAccount> {
  return async () => {
    const deviceStore = new FileDeviceStore(directory);
    const bindingKey = await createSigningKey(join(directory, 'binding'));
    const gatewayUrl = gatewayUrlOf(options, config);
    const given = config.STRONGROOM_TOKEN;
    const name = (await deviceStore.read('name')) ?? `ceremony-${toBase64url(systemRandom.bytes(9))}`;
    await deviceStore.write('name', name);
    const development = developmentTokens({ gatewayUrl, account: name, bindingKey: bindingKey.publicKey, nowMs });
    return new ThrowAwayAccount({
      gatewayUrl,
      trustRoot,
      bindingKey,
      deviceStore,
      accountToken: given === undefined ? development : () => Promise.resolve(given),
      stretcher: workerThreadStretcher(),
      verifier: nodeVerifier,
      clock: systemClock,
      allowBenchSuite: options.allowBenchSuite ?? false,
    });
  };
}

/** Undefined when there is none to be found and none was named: the roles have theirs. */
export async function trustRootText({ config }: CommandContext, { trustRoot }: DeployOptions): Promise<string | undefined> {
  const home = new Home(config.STRONGROOM_HOME);
  const stack = findRunningStack(config);
  if (trustRoot !== undefined) return home.trustRoot([trustRoot]);
  const candidates = [home.trustRootFile, ...(stack ? [stack.trustRootFile] : [])];
  return home.trustRoot(candidates).catch((error: unknown) => {
    // An operator elsewhere may deploy without one, as the gateway has it.
    if (error instanceof VaultError && error.code === 'REQUEST_INVALID') return undefined;
    throw error;
  });
}
