import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const ECHO_MS = 1_000;
const ORPHAN_POLL_MS = 250;

/**
 * Runs a command with our stdio and returns its exit code (128 + number when a signal ended it).
 *
 * Ctrl-C reaches npm and us from the terminal, and us once more from npm. The command runs in a process group of its
 * own, so that it hears signals from us only, and an echo of the same signal within a second is not passed on: the
 * first one always gets its clean shutdown, and a person who presses again later still gets through.
 */
export function runChild(command, args, options = {}) {
  const [program, argv] = withParent(command, args);
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { stdio: 'inherit', detached: process.platform !== 'win32', ...options });
    const last = new Map();
    const pass = (signal) => {
      const now = performance.now();
      if (now - (last.get(signal) ?? -Infinity) < ECHO_MS) return;
      last.set(signal, now);
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    const watch = onOrphaned(() => pass('SIGTERM'));
    const done = () => {
      clearInterval(watch);
      SIGNALS.forEach((signal) => process.off(signal, pass));
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** npm can die without telling its script; nobody is left then who could stop us. Run by hand, outliving the shell is meant. */
function onOrphaned(stop) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, ORPHAN_POLL_MS).unref();
  return timer;
}

/** Where util-linux is there, the kernel ends the command when we are killed without a chance to pass it on. */
function withParent(command, args) {
  if (process.platform !== 'linux' || spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status !== 0) return [command, args];
  return ['setpriv', ['--pdeathsig', 'TERM', command, ...args]];
}
