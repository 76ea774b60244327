import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '@strongroom/stack';
import { NatsProcess } from './nats-process.js';
import { TrialDatabase } from './trial-database.js';

// Servers may have to be fetched and unpacked first, and a busy machine starts them slowly.
jest.setTimeout(120_000);

const program = fileURLToPath(new URL('./service-process.js', import.meta.url));
const lines: string[] = [];
let nats: NatsProcess;
let database: TrialDatabase;
let child: ChildProcess | undefined;

beforeAll(async () => {
  nats = await NatsProcess.start();
  database = await TrialDatabase.start();
});
afterAll(async () => {
  await nats.end();
  await database.end();
});
afterEach(() => {
  child?.kill('SIGKILL');
  lines.length = 0;
});

/** Starts the service and keeps its lines; `exited` gives its code. */
function start(env: Readonly<Record<string, string>>): {
  readonly exited: Promise<unknown>;
  readonly line: (event: string) => Promise<string>;
  readonly pid: number;
  readonly end: (signal: NodeJS.Signals) => void;
} {
  const started = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  const waiting: { readonly event: string; readonly resolve: (line: string) => void }[] = [];
  const output = createInterface(started.stdout);
  output.on('line', (text) => {
    lines.push(text);
    for (const { event, resolve } of waiting) if (text.includes(`"event":"${event}"`)) resolve(text);
  });
  return {
    exited: Promise.all([once(started, 'close'), once(output, 'close')]).then(([[code]]) => code),
    line: (event) => new Promise((resolve) => waiting.push({ event, resolve })),
    pid: started.pid ?? -1,
    end: (signal) => void started.kill(signal),
  };
}

function environment(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { NATS_URL: nats.url, DATABASE_URL: database.url, TRIAL_SCHEMA: 'trial_process', LOG_LEVEL: 'info', ...more };
}

describe('a service process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says once that it is ready and ends cleanly on %s', async (signal) => {
    const service = start(environment());
    await service.line('service.ready');
    service.end(signal);
    expect(await service.exited).toBe(0);
    expect(lines.filter((line) => line.includes('service.ready'))).toHaveLength(1);
    // Not the last line for certain: on a busy machine the bus may tell that it closed a moment later.
    expect(lines.filter((line) => line.includes('service.stopped'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('service.stopped-hard'))).toEqual([]);
  });

  it('shows its health and what it depends on', async () => {
    const port = await freePort();
    const service = start(environment({ HEALTH_PORT: String(port) }));
    await service.line('service.ready');
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok', checks: { nats: 'ok', postgres: 'ok' } }]);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('strongroom_trial_process_cpu_seconds_total');
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/health`, { method: 'POST' })).status).toBe(405);
    const lost = service.line('bus.disconnected');
    await nats.kill();
    await lost;
    const failing = await fetch(`http://127.0.0.1:${port}/health`);
    expect([failing.status, await failing.json()]).toEqual([503, { status: 'failing', checks: { nats: 'failing', postgres: 'ok' } }]);
    await nats.startAgain();
  });

  it('does not start with a wrong environment, names every variable and shows no value', async () => {
    const service = start(environment({ NATS_URL: 'hunter2', DATABASE_URL: 'hunter2' }));
    expect(await service.exited).toBe(1);
    expect(lines.join()).toContain('NATS_URL');
    expect(lines.join()).toContain('DATABASE_URL');
    expect(lines.join()).not.toContain('hunter2');
  });

  it.each([
    ['throw', 'service.uncaught-exception'],
    ['reject', 'service.unhandled-rejection'],
  ])('ends with 1 when nobody catches a %s', async (fault, event) => {
    const service = start(environment({ TRIAL_FAULT: fault }));
    expect(await service.exited).toBe(1);
    expect(lines.join()).toContain(event);
  });

  it('gives no memory to a core dump and no debugger to a signal', async () => {
    const service = start(environment());
    await service.line('service.ready');
    if (process.platform === 'linux') expect(Number.parseInt(readFileSync(`/proc/${service.pid}/coredump_filter`, 'utf8'), 16)).toBe(0);
    const refused = service.line('service.debugger-refused');
    service.end('SIGUSR1');
    expect(await refused).toContain('warn');
  });
});
