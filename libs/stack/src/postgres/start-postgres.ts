import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../files/free-port.js';
import { ServiceProcess } from '../process/service-process.js';
import { until } from '../process/until.js';
import { ADMIN, createCluster, isHeld, removeForeignPidFile } from './cluster.js';
import { passwordsOf } from './passwords.js';
import { postgresBinaries } from './postgres-binaries.js';
import { answers, provision } from './provision.js';
import { lowering } from './unprivileged.js';

/** Each service that keeps rows has a database of its own, owned by a role of the same name. */
export const DATABASES = ['strongroom_registry', 'strongroom_publisher', 'strongroom_auditor'] as const;
export type Database = (typeof DATABASES)[number];

export interface PostgresOptions {
  /** Holds the cluster, its passwords and its log. */
  readonly dataDir: string;
  /** A port of 127.0.0.1; a free one unless told. */
  readonly port?: number;
  /** DATABASE_URL counts: if set, nothing is started and every service gets it (each keeps to a schema of its own). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress?: (line: string) => void;
}

export interface RunningPostgres {
  /** As DATABASE_URL takes it; holds the role's password. */
  readonly urls: Readonly<Record<Database, string>>;
  /** The server we started; undefined for one that was there already. */
  readonly process: ServiceProcess | undefined;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
/** A Unix socket's path fits into 107 bytes (unix(7)); the socket's own name takes up to 21 of them. */
const SOCKET_FOLDER_LIMIT = 86;

/**
 * PostgreSQL: the server of DATABASE_URL if set, else one of our own on 127.0.0.1 with durable defaults (fsync on).
 * @throws Error when it cannot be started
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { env, dataDir, progress = () => undefined } = options;
  const given = env['DATABASE_URL'] ?? '';
  if (given !== '') return { urls: urlsFrom(() => given), process: undefined, stop: () => Promise.resolve() };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const passwords = passwordsOf(dataDir, [ADMIN, ...DATABASES]);
  const port = options.port ?? (await freePort());
  const urlOf = (role: string, database: string): string => `postgres://${role}:${passwords[role] ?? ''}@127.0.0.1:${port}/${database}`;
  const server = await launch(dataDir, port, passwords[ADMIN] ?? '', urlOf(ADMIN, 'postgres'), progress);
  await provision(
    urlOf(ADMIN, 'postgres'),
    DATABASES.map((name) => ({ name, password: passwords[name] ?? '' })),
  );
  return { urls: urlsFrom((name) => urlOf(name, name)), process: server, stop: () => server.stop() };
}

async function launch(
  dataDir: string,
  port: number,
  password: string,
  adminUrl: string,
  progress: (line: string) => void,
): Promise<ServiceProcess> {
  const binaries = postgresBinaries();
  const lower = lowering(binaries.postgres, dataDir);
  progress('starting PostgreSQL');
  const data = await createCluster(dataDir, password, binaries, lower);
  removeForeignPidFile(data);
  await until(() => (isHeld(data) ? undefined : true), { what: 'an earlier PostgreSQL to leave its folder', timeoutMs: STOP_TIMEOUT_MS });
  const server = new ServiceProcess({
    name: 'postgres',
    command: lower({ program: binaries.postgres, args: ['-D', data, ...settings(dataDir, port)] }),
    env: { TZ: 'UTC', LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    cwd: dataDir,
    logFile: join(dataDir, 'postgres.log'),
    isReady: () => answers(adminUrl),
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopSignal: 'SIGINT', // "fast": ends the sessions; SIGTERM would wait for them to end by themselves
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  await server.start();
  return server;
}

function settings(dataDir: string, port: number): readonly string[] {
  const sockets = Buffer.byteLength(dataDir) <= SOCKET_FOLDER_LIMIT ? dataDir : '';
  const values = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${sockets}`,
    'unix_socket_permissions=0700',
    'fsync=on',
    'synchronous_commit=on',
    'full_page_writes=on',
    'max_connections=64',
    'shared_buffers=32MB',
    'password_encryption=scram-sha-256',
    'log_min_error_statement=panic', // a failed statement's text may hold values; the error itself is logged
  ];
  return values.flatMap((value) => ['-c', value]);
}

function urlsFrom(urlOf: (name: Database) => string): Readonly<Record<Database, string>> {
  return {
    strongroom_registry: urlOf('strongroom_registry'),
    strongroom_publisher: urlOf('strongroom_publisher'),
    strongroom_auditor: urlOf('strongroom_auditor'),
  };
}
