import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { logName } from '@strongroom/tlog';
import { formatVkey, type TrustRoot } from '@strongroom/transparency';
import { entryPoint, projectRoot } from '../files/project.js';
import type { RunningNats } from '../nats/start-nats.js';
import type { RunningPostgres } from '../postgres/start-postgres.js';
import { saysServiceReady, type ServiceSpec } from '../process/service-spec.js';
import { localWitnessName } from '../trust/init-trust.js';
import type { Environment, ServiceName, StackOptions } from './stack-options.js';

/** Where things lie under the stack's data folder. */
export interface StackPlaces {
  readonly dataDir: string;
  readonly trustRootFile: string;
  readonly publisherDir: string;
  readonly auditorDir: string;
  /** The auditor's logs, and its folder as the witness of a trial. */
  readonly logDir: string;
  readonly witnessDir: string;
  /** The publisher's copy of the log of bundles. */
  readonly mirrorDir: string;
}

export interface SpecParts {
  readonly options: StackOptions;
  readonly places: StackPlaces;
  readonly nats: RunningNats;
  readonly postgres: RunningPostgres;
  readonly trustRoot: TrustRoot;
}

/** Ports of this machine on which everybody may read. */
export interface PublicPorts {
  readonly log: number;
  readonly mirror: number;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;

export function placesOf(dataDir: string): StackPlaces {
  return {
    dataDir,
    trustRootFile: join(dataDir, 'trust-root.json'),
    publisherDir: join(dataDir, 'bundle-publisher'),
    auditorDir: join(dataDir, 'bundle-auditor'),
    logDir: join(dataDir, 'log'),
    witnessDir: join(dataDir, 'witness'),
    mirrorDir: join(dataDir, 'log-mirror'),
  };
}

/** The five kinds of service, each with the variables that its config.ts reads and no others. */
export class ServiceSpecs {
  private readonly common: Environment;

  constructor(private readonly parts: SpecParts) {
    const { options, nats } = parts;
    this.common = { NODE_ENV: 'development', LOG_LEVEL: options.logLevel ?? 'info', NATS_URL: nats.url };
  }

  registry(healthPort: number): ServiceSpec {
    const env = { DATABASE_URL: this.parts.postgres.urls.strongroom_registry, TOKEN_ISSUERS: 'development', ...health(healthPort) };
    return this.spec('fleet-registry', 'fleet-registry', env);
  }

  publisher(healthPort: number, ports: PublicPorts): ServiceSpec {
    const { postgres, places } = this.parts;
    return this.spec('bundle-publisher', 'bundle-publisher', {
      DATABASE_URL: postgres.urls.strongroom_publisher,
      TOKEN_ISSUERS: 'development',
      TRUST_ROOT: places.trustRootFile,
      DATA_DIR: places.publisherDir,
      ...this.mirror(ports),
      ...health(healthPort),
    });
  }

  auditor(healthPort: number, ports: PublicPorts): ServiceSpec {
    const { postgres, places } = this.parts;
    return this.spec('bundle-auditor', 'bundle-auditor', {
      DATABASE_URL: postgres.urls.strongroom_auditor,
      TRUST_ROOT: places.trustRootFile,
      DATA_DIR: places.auditorDir,
      ...this.log(ports),
      ...health(healthPort),
    });
  }

  gateway(port: number): ServiceSpec {
    return this.spec('session-gateway', 'session-gateway', {
      TOKEN_ISSUERS: 'development',
      TRUST_ROOT: this.parts.places.trustRootFile,
      HOST: '127.0.0.1',
      PORT: String(port),
      ...originsIn(this.parts.options.hostEnv),
      ...consoleIn(join(projectRoot(), 'apps/console/dist/pages')),
    });
  }

  /** @param index 1 to n */
  async node(index: number, healthPort: number): Promise<ServiceSpec> {
    const { places, options, nats } = this.parts;
    const spec = this.spec('hsm-node', `hsm-node-${index}`, {
      TOKEN_ISSUERS: 'development',
      TRUST_ROOT: places.trustRootFile,
      DATA_DIR: join(places.dataDir, `hsm-node-${index}`),
      ...health(healthPort),
    });
    return { ...spec, env: { ...spec.env, ...(await options.nodeEnv?.(index, nats.url)) } };
  }

  /** The auditor is also the one witness of its logs: enough for a trial of the format, and worth nothing as evidence. */
  private log({ log }: PublicPorts): Environment {
    const { trustRoot, places } = this.parts;
    const { log: trusted, namespace } = trustRoot;
    if (!trusted) return {};
    const name = localWitnessName(namespace, 1);
    return {
      LOG_DIR: places.logDir,
      PUBLIC_PORT: String(log),
      WITNESS_NAME: name,
      WITNESS_DIR: places.witnessDir,
      WITNESS_LOGS: [trusted.vkey, ...(trusted.evidence ? [trusted.evidence] : [])].map(formatVkey).join(' '),
      WITNESS_URLS: `${name}=${publicUrl(log)}witness/`,
    };
  }

  private mirror({ log, mirror }: PublicPorts): Environment {
    const { log: trusted } = this.parts.trustRoot;
    if (!trusted) return {};
    return {
      LOG_URL: `${publicUrl(log)}${logName(trusted.vkey.name)}/`,
      MIRROR_DIR: this.parts.places.mirrorDir,
      MIRROR_SECONDS: '2',
      PUBLIC_PORT: String(mirror),
    };
  }

  private spec(service: ServiceName, name: string, env: Environment): ServiceSpec {
    const { options, places, nats } = this.parts;
    const nkeyFile = nats.keyFile(service);
    return {
      name,
      command: { program: process.execPath, args: [entryPoint(service)] },
      env: { ...this.common, ...(nkeyFile === undefined ? {} : { NATS_NKEY_FILE: nkeyFile }), ...env, ...options.env?.[service] },
      cwd: projectRoot(),
      logFile: join(places.dataDir, 'logs', `${name}.log`),
      isReady: saysServiceReady,
      readyTimeoutMs: READY_TIMEOUT_MS,
      stopTimeoutMs: STOP_TIMEOUT_MS,
    };
  }
}

/** Pages of other origins that whoever starts the stack lets in, as an application's development server. */
function originsIn({ CORS_ORIGINS: origins }: StackOptions['hostEnv']): Environment {
  return origins === undefined ? {} : { CORS_ORIGINS: origins };
}

/** Compiled without its pages, as by tsc alone, a vault serves all but them. */
function consoleIn(folder: string): Environment {
  return existsSync(folder) ? { CONSOLE_DIR: folder } : {};
}

function health(port: number): Environment {
  return { HEALTH_PORT: String(port), HEALTH_HOST: '127.0.0.1' };
}

export function publicUrl(port: number): string {
  return `http://127.0.0.1:${port}/`;
}
