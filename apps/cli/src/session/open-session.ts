import { VaultClient, systemClock } from '@strongroom/client';
import { developmentTokens } from '@strongroom/client/development';
import { FileDeviceStore, workerThreadStretcher } from '@strongroom/client/node';
import { createSigningKey, nodeVerifier } from '@strongroom/platform';
import type { CliConfig } from '../config.js';
import { Home } from '../home/home.js';
import { findRunningStack } from './running-stack.js';

export const DEFAULT_GATEWAY = 'http://127.0.0.1:8480';

export interface SessionOptions {
  readonly home?: string | undefined;
  readonly gateway?: string | undefined;
  readonly trustRoot?: string | undefined;
  readonly account?: string | undefined;
  readonly allowBenchSuite?: boolean | undefined;
}

export interface Session {
  readonly home: Home;
  readonly gatewayUrl: string;
  readonly client: VaultClient;
}

/** A client of this device: its trust root, its store and its binding key, which is made the first time. */
export async function openSession(options: SessionOptions, config: CliConfig): Promise<Session> {
  const home = new Home(options.home ?? config.STRONGROOM_HOME);
  const gatewayUrl = gatewayUrlOf(options, config);
  const stack = findRunningStack(config);
  const trustRoot = await home.trustRoot(
    options.trustRoot ? [options.trustRoot] : [home.trustRootFile, ...(stack ? [stack.trustRootFile] : [])],
  );
  const bindingKey = await createSigningKey(home.bindingDir);
  const account = options.account ?? config.USER ?? 'owner';
  const given = config.STRONGROOM_TOKEN;
  const development = developmentTokens({ gatewayUrl, account, bindingKey: bindingKey.publicKey, nowMs: systemClock.nowMs });
  const client = new VaultClient({
    gatewayUrl,
    trustRoot,
    bindingKey,
    accountToken: given === undefined ? development : () => Promise.resolve(given),
    deviceStore: new FileDeviceStore(home.deviceDir),
    stretcher: workerThreadStretcher(),
    verifier: nodeVerifier,
    allowBenchSuite: options.allowBenchSuite ?? false,
  });
  return { home, gatewayUrl, client };
}

/** As told, else the stack on this machine, else the port that a gateway has by default. */
export function gatewayUrlOf(options: Pick<SessionOptions, 'gateway'>, config: CliConfig): string {
  return (options.gateway ?? config.STRONGROOM_GATEWAY ?? findRunningStack(config)?.gatewayUrl ?? DEFAULT_GATEWAY).replace(/\/+$/, '');
}
