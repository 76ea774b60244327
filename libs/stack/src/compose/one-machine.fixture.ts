import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from '../postgres/start-postgres.js';
import type { ComposeFile, ComposeService } from './compose-file.fixture.js';

export interface OneMachineParts {
  /** Stands for docker's volumes: a folder for each. */
  readonly volumesDir: string;
  readonly natsPort: number;
  readonly gatewayPort: number;
  /** Containers share the ports of their health and public doors; processes of one machine cannot. */
  readonly ports: readonly number[];
  readonly databaseUrls: Readonly<Record<Database, string>>;
}

export interface HandRun {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Translates what containers see, names of hosts, ports and volumes, into what one machine has. Nothing else changes. */
export class OneMachine {
  private readonly portOf = new Map<string, number>();

  constructor(private readonly parts: OneMachineParts) {}

  /** The command without its `node`, and the whole environment. */
  translate(name: string, file: ComposeFile): HandRun {
    const service = serviceOf(name, file);
    const [, ...args] = service.command ?? [];
    const env = Object.entries(service.environment).map(([key, value]) => [key, this.text(name, service, value)]);
    return {
      args: args.map((arg) => this.text(name, service, arg)),
      env: { ...Object.fromEntries(env), NODE_ENV: service.environment['NODE_ENV'] ?? 'production' },
    };
  }

  /** The arguments of the health check's `node`. */
  healthcheck(name: string, file: ComposeFile): readonly string[] {
    const service = serviceOf(name, file);
    const [, , ...args] = service.healthcheck?.test ?? [];
    return args.map((arg) => this.text(name, service, arg));
  }

  private text(name: string, service: ComposeService, value: string): string {
    const { natsPort, gatewayPort, databaseUrls } = this.parts;
    const database = /@postgres:5432\/(\w+)$/.exec(value)?.[1];
    if (database === 'strongroom_registry' || database === 'strongroom_publisher' || database === 'strongroom_auditor')
      return databaseUrls[database];
    const local = value
      .replace('//nats:4222', `//127.0.0.1:${natsPort}`)
      .replace('//session-gateway:8480', `//127.0.0.1:${gatewayPort}`)
      .replace(/^0\.0\.0\.0$/, '127.0.0.1')
      .replace(/(^|127\.0\.0\.1:)8480\b/, `$1${gatewayPort}`)
      .replace(/(^|127\.0\.0\.1:)848[1567]\b/, (all, before: string) => before + this.port(name, all.slice(before.length)))
      .replaceAll(/\/\/([a-z]+-[a-z0-9]+):(848[567])\b/g, (_, host: string, port: string) => `//127.0.0.1:${this.port(host, port)}`);
    return service.volumes.reduce((text, volume) => this.mounted(text, volume), this.aboveMounts(name, service, local));
  }

  /** A folder that is no volume itself but has some below it: one with links to those. */
  private aboveMounts(name: string, { volumes }: ComposeService, text: string): string {
    const below = volumes.map((volume) => volume.split(':')).filter(([, target = '']) => text.startsWith('/') && dirname(target) === text);
    if (below.length === 0) return text;
    const folder = join(this.parts.volumesDir, `above-${name}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [source = '', target = ''] of below) {
      mkdirSync(join(this.parts.volumesDir, source), { recursive: true, mode: 0o700 });
      const link = join(folder, basename(target));
      if (!existsSync(link)) symlinkSync(join(this.parts.volumesDir, source), link);
    }
    return folder;
  }

  private mounted(text: string, volume: string): string {
    const [source = '', target = ''] = volume.split(':');
    const folder = join(this.parts.volumesDir, source);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return text === target || text.startsWith(`${target}/`) ? folder + text.slice(target.length) : text;
  }

  /** The one that stands for a port of a container. */
  private port(name: string, inside: string): number {
    const door = `${name}:${inside}`;
    const known = this.portOf.get(door) ?? this.parts.ports[this.portOf.size];
    if (known === undefined) throw new Error('too few ports for the doors');
    this.portOf.set(door, known);
    return known;
  }
}

function serviceOf(name: string, { services }: ComposeFile): ComposeService {
  const service = services[name];
  if (service === undefined) throw new Error(`compose has no service ${name}`);
  return service;
}
