import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '@strongroom/stack';
import type { TestFleet } from '@strongroom/testing';

const PROGRAM = join(projectRoot(), 'apps/cli/dist/main.js');
/** Ends a command that hangs; none takes that long on any machine. */
const DEADLINE_MS = 90_000;

export interface CliResult {
  /** Exit code; null after a signal. */
  readonly exit: number | null;
  /** The object of the last line, as `--json` prints it. */
  readonly json: unknown;
  /** Everything that it printed, on both streams. */
  readonly said: string;
}

/** The command `strongroom` as a person runs it: a process of its own, one home folder for each device. */
export class Cli {
  constructor(
    private readonly fleet: TestFleet,
    private readonly account: string,
  ) {}

  /** A command that needs no account. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    const child = this.start(args, env);
    const said: string[] = [];
    const out: string[] = [];
    child.stdout?.on('data', (chunk: Buffer) => (out.push(String(chunk)), said.push(String(chunk))));
    child.stderr?.on('data', (chunk: Buffer) => said.push(String(chunk)));
    const exit = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { exit, json: lastObject(out.join('')), said: said.join('') };
  }

  /** A command of the account's, on the device whose home this is. */
  on(home: string, code?: string): (...args: readonly string[]) => Promise<CliResult> {
    const env = code === undefined ? {} : { STRONGROOM_CODE: code };
    return (...args) => this.run([...args, '--home', home, '--account', this.account, '--json'], env);
  }

  /** A command that goes on until it is ended. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const { stack } = this.fleet;
    const own = { PATH: process.env['PATH'] ?? '', STRONGROOM_DATA_DIR: this.fleet.dataDir, STRONGROOM_GATEWAY: stack.gatewayUrl, ...env };
    return spawn(process.execPath, [PROGRAM, ...args], { env: own, stdio: ['ignore', 'pipe', 'pipe'], timeout: DEADLINE_MS });
  }
}

function lastObject(out: string): unknown {
  const line = out.trim().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? JSON.parse(line) : undefined;
}
