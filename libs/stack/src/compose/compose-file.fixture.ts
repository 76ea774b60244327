import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../files/project.js';

const condition = z.object({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) });

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  /** `name:/folder` or `name:/folder:ro`. */
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), condition).default({}),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  restart: z.string(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  networks: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  /** Left out by compose unless COMPOSE_PROFILES names one of them. */
  profiles: z.array(z.string()).default([]),
});

const composeFile = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
});

export type ComposeService = z.infer<typeof service>;
export type ComposeFile = z.infer<typeof composeFile>;

export const OUR_IMAGE = /^strongroom:/;

export function composeText(): string {
  return readFileSync(join(projectRoot(), 'docker-compose.yml'), 'utf8');
}

/**
 * The file as compose sees it: anchors merged, variables of `env` put in, services of other profiles left out.
 * @throws Error for a required variable that is not set
 */
export function readCompose(env: Readonly<Record<string, string>>): ComposeFile {
  const text: unknown = parse(composeText(), { merge: true });
  const file = composeFile.parse(interpolated(text, env));
  const chosen = (env['COMPOSE_PROFILES'] ?? '').split(',');
  const isStarted = ({ profiles }: ComposeService): boolean => profiles.length === 0 || profiles.some((each) => chosen.includes(each));
  return { ...file, services: Object.fromEntries(Object.entries(file.services).filter(([, each]) => isStarted(each))) };
}

function interpolated(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, kind, text) => valueOf(env, name, kind, text));
  if (Array.isArray(value)) return value.map((each) => interpolated(each, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolated(each, env)]));
}

function valueOf(env: Readonly<Record<string, string>>, name: string, kind: string | undefined, text: string | undefined): string {
  const set = env[name] ?? '';
  if (set !== '') return set;
  if (kind === '?') throw new Error(`${name}: ${text}`);
  return text ?? '';
}
