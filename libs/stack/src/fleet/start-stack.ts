import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keepEvents } from '../nats/keep-events.js';
import { startNats } from '../nats/start-nats.js';
import { deployFleet } from '../operator/deploy-fleet.js';
import { developmentOperator } from '../operator/development-operator.js';
import { OperatorClient } from '../operator/operator-client.js';
import { startPostgres } from '../postgres/start-postgres.js';
import { initTrust } from '../trust/init-trust.js';
import { readAddresses, removeAddresses, writeAddresses } from './addresses.js';
import { enrolmentDigests } from './enrolled-nodes.js';
import { keepParameters, parametersFor } from './kept-parameters.js';
import { placesOf } from './service-specs.js';
import type { StackOptions } from './stack-options.js';
import type { Stack } from './stack.js';
import { startServices } from './start-services.js';
import { StartedParts } from './started-parts.js';

const NAMESPACE = 'strongroom.local/embedded';
const STEP_TIMEOUT_MS = 60_000;

/**
 * Starts a whole vault with embedded defaults: bus, database, trust root, the five kinds of service, the fleet. Every
 * part is a process of its own and ends when this process ends, however it ends.
 * @throws REQUEST_INVALID for parameters that break a rule, CONFLICT when the data folder's fleet has others, Error saying
 * which part did not start and why; nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const started = new StartedParts();
  const breakOff = (): void => void started.stop();
  options.signal?.addEventListener('abort', breakOff, { once: true });
  try {
    options.signal?.throwIfAborted();
    return await start({ ...options, dataDir: resolve(options.dataDir) }, started);
  } catch (error) {
    await started.stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', breakOff);
  }
}

async function start(options: StackOptions, started: StartedParts): Promise<Stack> {
  const { dataDir, hostEnv, fleetId = 'main', profile, progress = () => undefined } = options;
  refuseSecondStart(dataDir);
  const parameters = parametersFor(dataDir, profile);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const places = placesOf(dataDir);
  const { trustRootFile } = places;
  progress('starting the bus and the database');
  const [nats, postgres, trustRoot] = await Promise.all([
    started.take('nats', startNats({ dataDir: join(dataDir, 'nats'), env: hostEnv, progress, openLogin: options.openBusLogin === true })),
    started.take('postgres', startPostgres({ dataDir: join(dataDir, 'postgres'), env: hostEnv, progress })),
    initTrust({ ...places, namespace: NAMESPACE, witnessDirs: [places.witnessDir], custodians: options.ceremony?.custodians }),
  ]);
  const notices = options.env?.['session-gateway']?.['WEBHOOK_URL'] !== undefined;
  if (nats.process !== undefined) await keepEvents({ url: nats.url, nkeyFile: nats.keyFile('event-keeper'), notices });
  progress(`starting the gateway, the registry, the publisher, the auditor and ${parameters.n} nodes`);
  const { services, gatewayUrl, healthUrls, logUrl, mirrorUrl } = await startServices(
    { options, places, nats, postgres, trustRoot },
    parameters.n,
    started,
  );
  const operator = new OperatorClient({ gatewayUrl, token: options.operatorToken ?? developmentOperator() });
  const members = await enrolmentDigests(services.nodes, STEP_TIMEOUT_MS);
  await options.ceremony?.hold({ gatewayUrl, trustRootFile, fleetId, parameters, members });
  const plan = { fleetId, parameters, members, timeoutMs: STEP_TIMEOUT_MS, nowMs: Date.now(), progress, signal: options.signal };
  const { fleet } = await started.timed('fleet', deployFleet(operator, plan));
  keepParameters(dataDir, parameters);
  const observerKeyFile = nats.keyFile('observer');
  writeAddresses(dataDir, {
    pid: process.pid,
    gatewayUrl,
    natsUrl: nats.url,
    natsNkeyFile: observerKeyFile,
    trustRootFile,
    fleetId,
    logUrl,
    mirrorUrl,
  });
  started.onStop(() => Promise.resolve(removeAddresses(dataDir)));
  return {
    gatewayUrl,
    natsUrl: nats.url,
    observerKeyFile,
    openNatsUrl: nats.openUrl,
    trustRoot,
    trustRootFile,
    fleet,
    operator,
    services,
    healthUrls,
    logUrl,
    mirrorUrl,
    startMs: started.startMs,
    stop: () => started.stop(),
  };
}

function refuseSecondStart(dataDir: string): void {
  const running = readAddresses(dataDir);
  if (running !== undefined) throw new Error(`a stack runs on ${dataDir} already (process ${running.pid}, ${running.gatewayUrl})`);
}
