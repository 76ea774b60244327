import { logName } from '@strongroom/tlog';
import { freePort, freePorts } from '../files/free-port.js';
import { ServiceProcess } from '../process/service-process.js';
import { Reviver } from './reviver.js';
import { publicUrl, ServiceSpecs, type SpecParts } from './service-specs.js';
import type { StartedParts } from './started-parts.js';
import type { StackServices } from './stack.js';

export interface RunningServices {
  readonly services: StackServices;
  readonly gatewayUrl: string;
  readonly healthUrls: Readonly<Record<string, string>>;
  readonly logUrl: string | undefined;
  readonly mirrorUrl: string | undefined;
}

/** Starts every service at once; each waits by itself for those that it needs. */
export async function startServices(parts: SpecParts, nodeCount: number, started: StartedParts): Promise<RunningServices> {
  const { nats, postgres, options } = parts;
  const specs = new ServiceSpecs(parts);
  const gatewayPort = options.gatewayPort ?? (await freePort());
  const [registryPort = 0, publisherPort = 0, auditorPort = 0, log = 0, mirror = 0, ...nodePorts] = await freePorts(5 + nodeCount);
  const registry = new ServiceProcess(specs.registry(registryPort));
  const publisher = new ServiceProcess(specs.publisher(publisherPort, { log, mirror }));
  const auditor = new ServiceProcess(specs.auditor(auditorPort, { log, mirror }));
  const gateway = new ServiceProcess(specs.gateway(gatewayPort));
  const nodes = (await Promise.all(nodePorts.map((port, i) => specs.node(i + 1, port)))).map((spec) => new ServiceProcess(spec));
  const behind = [registry, publisher, auditor, ...nodes];
  started.onStop(async () => {
    await gateway.stop();
    await Promise.all(behind.map((service) => service.stop()));
  });
  await Promise.all([gateway, ...behind].map((service) => started.timed(service.name, service.start())));
  if (options.revive === true) revive([gateway, ...behind], options.progress ?? (() => undefined), started);
  const origin = parts.trustRoot.log?.vkey.name;
  const doors = behind.map(({ name, spec }) => [name, `http://127.0.0.1:${spec.env['HEALTH_PORT'] ?? ''}`] as const);
  return {
    services: { nats, postgres, registry, publisher, auditor, gateway, nodes },
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    healthUrls: Object.fromEntries(doors),
    logUrl: origin && `${publicUrl(log)}${logName(origin)}/`,
    mirrorUrl: origin && `${publicUrl(mirror)}${logName(origin)}/`,
  };
}

function revive(services: readonly ServiceProcess[], progress: (line: string) => void, started: StartedParts): void {
  const reviver = new Reviver(progress);
  started.onStop(() => reviver.stop());
  for (const service of services) reviver.watch(service);
}
