import { PassThrough } from 'node:stream';
import type { CommandContext } from '../commands/command-context.js';
import { readConfig } from '../config.js';
import { runProgram } from '../program.js';
import { Terminal } from '../terminal/terminal.js';

/** Specs only: streams that keep what was written, with or without a terminal behind them. */
export class ExampleStreams {
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly raw: boolean[] = [];
  readonly stdin: PassThrough & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly stdout: PassThrough & { isTTY?: boolean };
  readonly stderr: PassThrough & { isTTY?: boolean; columns?: number };

  constructor(tty: boolean) {
    this.stdin = Object.assign(new PassThrough(), { isTTY: tty, setRawMode: (raw: boolean) => this.raw.push(raw) });
    this.stdout = Object.assign(new PassThrough(), { isTTY: tty });
    this.stderr = Object.assign(new PassThrough(), { isTTY: tty, columns: 80 });
    this.stdout.on('data', (chunk: Buffer) => this.out.push(chunk.toString()));
    this.stderr.on('data', (chunk: Buffer) => this.err.push(chunk.toString()));
  }

  get stdoutText(): string {
    return this.out.join('');
  }

  get stderrText(): string {
    return this.err.join('');
  }
}

export interface ExampleRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Specs only: one command line without a terminal. */
export async function runExample(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ExampleRun> {
  const streams = new ExampleStreams(false);
  const exitCode = await runProgram(args, ({ json }): CommandContext => ({
    config: readConfig(env),
    terminal: new Terminal({ streams, json, plain: false }),
    signal: new AbortController().signal,
    hostEnv: env,
    nowMs: () => 0,
  }));
  return { exitCode, stdout: streams.stdoutText, stderr: streams.stderrText };
}
