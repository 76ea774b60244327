import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { leashed } from './command-line.js';
import { cpuTime, type CpuTime } from './cpu-time.js';
import { lengthOf, readFrom, tail } from './log-file.js';
import type { ServiceSpec } from './service-spec.js';
import { GiveUp, until } from './until.js';

export interface ServiceExit {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether stop() or kill9() asked for it. */
  readonly expected: boolean;
}

const READ_LIMIT_BYTES = 1 << 20;

/** One operating-system process of the stack: started, watched, stopped, and mistreated by the fault tests. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private expectsEnd = false;
  private logStart = 0;
  private readonly listeners = new Set<(exit: ServiceExit) => void>();

  constructor(readonly spec: ServiceSpec) {}

  get name(): string {
    return this.spec.name;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws Error when the process is not running */
  get pid(): number {
    const pid = this.isRunning ? this.child?.pid : undefined;
    if (pid === undefined) throw new Error(`${this.name} is not running`);
    return pid;
  }

  /**
   * Starts the process and waits until it is ready. Starting a running process is refused.
   * @throws Error with the last lines of its log when it ends early or is not ready in time; it is not left running
   */
  async start(): Promise<void> {
    if (this.isRunning) throw new Error(`${this.name} is running already`);
    mkdirSync(dirname(this.spec.logFile), { recursive: true });
    this.logStart = lengthOf(this.spec.logFile);
    const child = this.launch();
    try {
      await until(() => this.probe(child), { what: `${this.name} to be ready`, timeoutMs: this.spec.readyTimeoutMs });
    } catch (error) {
      await this.kill9();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason}\n${tail(this.spec.logFile)}`, { cause: error });
    }
  }

  /** Asks for a clean end and waits for it; SIGKILL after the deadline. Stopping what does not run is harmless. */
  async stop(): Promise<void> {
    const { stopSignal = 'SIGTERM', stopTimeoutMs } = this.spec;
    await this.end(stopSignal, stopTimeoutMs);
  }

  /** `kill -9`, waited for. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL', 0);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Freezes the process and the processes it started: alive, silent, sockets open. */
  pause(): void {
    process.kill(-this.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(-this.pid, 'SIGCONT');
  }

  /** What it has logged since its last start, the first MiB of it. */
  logged(): string {
    const { logFile } = this.spec;
    return lengthOf(logFile) > this.logStart ? readFrom(logFile, this.logStart, READ_LIMIT_BYTES) : '';
  }

  /** Processor time since its start, without processes it started itself. */
  cpu(): CpuTime {
    return cpuTime(this.pid);
  }

  /** Calls `listener` at every end of the process; returns how to stop listening. */
  onExit(listener: (exit: ServiceExit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private launch(): ChildProcess {
    const { command, env, cwd, logFile, stopSignal = 'SIGTERM' } = this.spec;
    const { program, args } = leashed(command, stopSignal);
    const log = openSync(logFile, 'a', 0o600);
    try {
      // A process group of its own: Ctrl-C in a terminal reaches whoever supervises, not every part at once.
      const child = spawn(program, args, { cwd, env, stdio: ['ignore', log, log], detached: true });
      this.child = child;
      this.expectsEnd = false;
      child.once('exit', (code, signal) => {
        for (const listener of this.listeners) listener({ name: this.name, code, signal, expected: this.expectsEnd });
      });
      child.once('error', () => child.emit('exit', 127, null));
      return child;
    } finally {
      closeSync(log);
    }
  }

  private async probe(child: ChildProcess): Promise<true | undefined> {
    if (!this.isRunning || child.pid === undefined) throw new GiveUp(`${this.name} ended before it was ready`);
    return (await this.spec.isReady(this.logged())) ? true : undefined;
  }

  private async end(signal: NodeJS.Signals, patienceMs: number): Promise<void> {
    const child = this.child;
    if (child?.pid === undefined || !this.isRunning) return;
    this.expectsEnd = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    if (signal !== 'SIGKILL') {
      child.kill('SIGCONT'); // a paused process would never see the signal
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs);
      await ended.finally(() => clearTimeout(timer));
    } else {
      signalGroup(child, 'SIGKILL');
      await ended;
    }
  }
}

/** The whole group: a database has processes of its own. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
