import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { Lowering } from './unprivileged.js';

const run = promisify(execFile);
const INITDB_TIMEOUT_MS = 60_000;

/** The role that makes databases and roles; services never use it. */
export const ADMIN = 'strongroom_admin';

/**
 * Makes the data folder `<folder>/data` unless it is there; returns its path. It appears whole or not at all, so a start
 * killed half-way is simply done again.
 */
export async function createCluster(folder: string, password: string, { initdb }: PostgresBinaries, lower: Lowering): Promise<string> {
  const data = join(folder, 'data');
  if (existsSync(data)) return data;
  const draft = join(folder, 'data.new');
  rmSync(draft, { recursive: true, force: true });
  const passwordFile = join(folder, 'initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o644 }); // the folder above it is closed to others
  try {
    const options = ['--username', ADMIN, '--auth', 'scram-sha-256', '--pwfile', passwordFile];
    const { program, args } = lower({ program: initdb, args: [...options, '--encoding', 'UTF8', '--locale', 'C', '--pgdata', draft] });
    await run(program, [...args], { cwd: folder, env: { PATH: '/usr/bin:/bin', TZ: 'UTC' }, timeout: INITDB_TIMEOUT_MS });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, data);
  return data;
}

/**
 * What a killed server leaves behind stops the next one only if its pid belongs to somebody else by now; PostgreSQL
 * cannot tell, and refuses. We can: a process of another name is not the server.
 */
export function removeForeignPidFile(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = readFileSync(file, 'utf8').split('\n')[0] ?? '';
  const name = `/proc/${pid}/comm`;
  if (existsSync(name) && readFileSync(name, 'utf8').trim() !== 'postgres') rmSync(file, { force: true });
}

/** Whether a server that we did not start, most likely one still ending, holds the data folder. */
export function isHeld(data: string): boolean {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const pid = readFileSync(file, 'utf8').split('\n')[0] ?? '';
  return existsSync(`/proc/${pid}`);
}
