#!/usr/bin/env node
import { ConfigError } from '@strongroom/platform';
import { readConfig } from './config.js';
import { USAGE } from './errors/exit-code.js';
import { runProgram } from './program.js';
import { Terminal } from './terminal/terminal.js';

/** A second Ctrl-C does not wait for anything. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return controller.signal;
}

// A reader that goes away (`strongroom events | head`) ends the command without a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const config = readConfig(process.env);
  const { stdin, stdout, stderr } = process;
  const plain = config.NO_COLOR !== undefined || config.TERM === 'dumb';
  const signal = stopSignal();
  process.exitCode = await runProgram(process.argv.slice(2), ({ json }) => {
    const terminal = new Terminal({ streams: { stdin, stdout, stderr }, json, plain });
    return { config, terminal, signal, hostEnv: process.env, nowMs: Date.now };
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`strongroom: ${error.message}\n`);
  process.exitCode = USAGE;
}
