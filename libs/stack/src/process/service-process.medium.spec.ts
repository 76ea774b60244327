import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceProcess, type ServiceExit } from './service-process.js';
import type { ServiceSpec } from './service-spec.js';
import { until } from './until.js';

const READY = 'console.log("up");';
const IDLE = 'setInterval(() => {}, 1000);';

describe('a service process', () => {
  let dir: string;
  let service: ServiceProcess | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'process-'));
  });

  afterEach(async () => {
    await service?.kill9();
    service = undefined;
    rmSync(dir, { recursive: true });
  });

  function specOf(script: string, over: Partial<ServiceSpec> = {}): ServiceSpec {
    return {
      name: 'sample',
      command: { program: process.execPath, args: ['-e', script] },
      env: {},
      cwd: dir,
      logFile: join(dir, 'sample.log'),
      isReady: (logged) => logged.includes('up'),
      readyTimeoutMs: 10_000,
      stopTimeoutMs: 5_000,
      ...over,
    };
  }

  async function started(script: string, over: Partial<ServiceSpec> = {}): Promise<ServiceProcess> {
    service = new ServiceProcess(specOf(script, over));
    await service.start();
    return service;
  }

  it('is ready when its probe says so, and not on the log of an earlier run', async () => {
    const running = await started(`${READY}${IDLE}`);
    const first = running.pid;
    await running.restart();
    expect(running.pid).not.toBe(first);
    expect(readFileSync(join(dir, 'sample.log'), 'utf8')).toBe('up\nup\n');
  });

  it('inherits nothing of the environment', async () => {
    const running = await started(`console.log(Object.keys(process.env).join(), 'up');${IDLE}`, { env: { ONLY: 'this' } });
    expect(readFileSync(running.spec.logFile, 'utf8')).toMatch(/ONLY/);
    expect(readFileSync(running.spec.logFile, 'utf8')).not.toMatch(/HOME|USER/);
  });

  it('reports an early end with the last lines of its log', async () => {
    await expect(started('console.error("no port left"); process.exit(3)')).rejects.toThrow(/ended before it was ready[^]*no port left/);
  });

  it('is not left running when it is not ready in time', async () => {
    service = new ServiceProcess(specOf(IDLE, { readyTimeoutMs: 300 }));
    await expect(service.start()).rejects.toThrow(/waited 300 ms for sample to be ready/);
    expect(service.isRunning).toBe(false);
  });

  it('reports a program that does not exist', async () => {
    await expect(started('', { command: { program: '/nonexistent', args: [] } })).rejects.toThrow(/ended before it was ready/);
  });

  it('stops with its stop signal, and ends what ignores it after the deadline', async () => {
    const exits: ServiceExit[] = [];
    const clean = await started(`process.on("SIGTERM", () => process.exit(5));${READY}${IDLE}`);
    clean.onExit((exit) => exits.push(exit));
    await clean.stop();
    const deaf = await started(`process.on("SIGTERM", () => {});${READY}${IDLE}`, { stopTimeoutMs: 100 });
    deaf.onExit((exit) => exits.push(exit));
    await deaf.stop();
    expect(exits).toEqual([
      { name: 'sample', code: 5, signal: null, expected: true },
      { name: 'sample', code: null, signal: 'SIGKILL', expected: true },
    ]);
  });

  it('tells an end that nobody asked for', async () => {
    const running = await started(`${READY}setTimeout(() => process.exit(9), 50);`);
    const exit = await new Promise<ServiceExit>((resolve) => void running.onExit(resolve));
    expect(exit).toEqual({ name: 'sample', code: 9, signal: null, expected: false });
    expect(running.isRunning).toBe(false);
    expect(() => running.pid).toThrow(/not running/);
  });

  it('can be frozen, thawed, stopped while frozen and killed', async () => {
    const running = await started(`${READY}${IDLE}`);
    running.pause();
    await until(() => (stateOf(running.pid) === 'T' ? true : undefined), { what: 'the freeze', timeoutMs: 2_000 });
    running.resume();
    await until(() => (stateOf(running.pid) === 'T' ? undefined : true), { what: 'the thaw', timeoutMs: 2_000 });
    running.pause();
    await running.stop();
    expect(running.isRunning).toBe(false);
    await running.start();
    await running.kill9();
    expect(running.isRunning).toBe(false);
  });

  it('shows the processor time that it used', async () => {
    const running = await started(`while (process.cpuUsage().user < 100_000) {} ${READY}${IDLE}`);
    const { userMs, systemMs } = running.cpu();
    expect(userMs + systemMs).toBeGreaterThanOrEqual(90);
  });

  it('leaves no core dump', async () => {
    const running = await started(`${READY}${IDLE}`);
    expect(readFileSync(`/proc/${running.pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0\s+0/);
  });

  it('ends when the process that started it is killed', async () => {
    const here = new URL('./service-process.js', import.meta.url).href;
    const spec = { ...specOf(`require("fs").writeFileSync("pid", String(process.pid));${READY}${IDLE}`), isReady: undefined };
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `const { ServiceProcess } = await import(${JSON.stringify(here)});
       await new ServiceProcess({ ...${JSON.stringify(spec)}, isReady: (logged) => logged.includes('up') }).start();
       process.stdout.write('started'); setInterval(() => {}, 1000);`,
    ]);
    await once(parent.stdout, 'data');
    const pid = readFileSync(join(dir, 'pid'), 'utf8');
    parent.kill('SIGKILL');
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true), { what: 'the orphan to end', timeoutMs: 5_000 });
  });
});

function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
}
