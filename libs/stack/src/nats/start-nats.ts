import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { BusUser } from '@strongroom/contracts';
import { freePort } from '../files/free-port.js';
import { projectRoot } from '../files/project.js';
import { ServiceProcess } from '../process/service-process.js';
import { findNatsServer } from './nats-binary.js';
import { busKeyFile, makeBusKeys } from './bus-keys.js';
import { natsConfig } from './nats-config.js';

export interface NatsOptions {
  /** Holds the server's configuration, its users' keys and its log. */
  readonly dataDir: string;
  /** A port of 127.0.0.1; a free one unless told. */
  readonly port?: number;
  /** NATS_URL and PATH count: with NATS_URL set nothing is started. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir?: string;
  readonly progress?: (line: string) => void;
  /** Adds a login that may do everything, for tests that attack from the bus. Off unless told. */
  readonly openLogin?: boolean;
}

export interface RunningNats {
  /** As NATS_URL takes it: without a login for a server of our own, whose users log in by nkey. */
  readonly url: string;
  /** As NATS_NKEY_FILE takes it; undefined for a server that was there already. */
  keyFile(user: BusUser): string | undefined;
  /** With the login that may do everything: of `openLogin`, or of NATS_URL. */
  readonly openUrl: string | undefined;
  /** The server we started; undefined for one that was there already. */
  readonly process: ServiceProcess | undefined;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;

/**
 * The bus: the server of NATS_URL if set, else a nats-server of our own on 127.0.0.1.
 * @throws Error when no server can be found or it does not start
 */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const { env, dataDir, progress = () => undefined, cacheDir = join(projectRoot(), '.cache') } = options;
  const given = env['NATS_URL'] ?? '';
  if (given !== '') return external(given);
  const binary = await findNatsServer({ path: env['PATH'] ?? '', cacheDir, progress });
  const port = options.port ?? (await freePort());
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const keysDir = join(dataDir, 'keys');
  const open = options.openLogin === true ? { user: 'open', password: randomBytes(24).toString('base64url') } : undefined;
  const configFile = join(dataDir, 'nats-server.conf');
  // Written anew, so that the mode holds for a file of an earlier start as well.
  rmSync(configFile, { force: true });
  writeFileSync(configFile, natsConfig({ port, keys: makeBusKeys(keysDir), storeDir: join(dataDir, 'jetstream'), open }), { mode: 0o600 });
  const server = new ServiceProcess({
    name: 'nats',
    command: { program: binary, args: ['--config', configFile] },
    env: {},
    cwd: dataDir,
    logFile: join(dataDir, 'nats-server.log'),
    isReady: () => greets(port),
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  await server.start();
  return {
    url: `nats://127.0.0.1:${port}`,
    keyFile: (user) => busKeyFile(keysDir, user),
    openUrl: open && `nats://${open.user}:${open.password}@127.0.0.1:${port}`,
    process: server,
    stop: () => server.stop(),
  };
}

function external(url: string): RunningNats {
  return { url, keyFile: () => undefined, openUrl: url, process: undefined, stop: () => Promise.resolve() };
}

/** Whether something on that port speaks first and says INFO, as a NATS server does. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 500 });
    const answer = (says: boolean) => (): void => {
      socket.destroy();
      resolve(says);
    };
    socket.once('data', (data) => answer(data.toString('latin1').startsWith('INFO '))());
    socket.once('error', answer(false));
    socket.once('timeout', answer(false));
    socket.once('close', answer(false));
  });
}
