import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const addresses = z.object({
  pid: z.int().min(1),
  gatewayUrl: z.url(),
  natsUrl: z.string(),
  /** The observer's, where the vault started its own server. */
  natsNkeyFile: z.string().optional(),
  trustRootFile: z.string(),
  fleetId: z.string(),
  logUrl: z.url().optional(),
  mirrorUrl: z.url().optional(),
});

/** Where a running stack is reached: for commands that are started beside it. With NATS_URL it holds that server's login. */
export type StackAddresses = Readonly<z.infer<typeof addresses>>;

/** The running stack of a data folder, or undefined when none runs there. */
export function readAddresses(dataDir: string): StackAddresses | undefined {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return undefined;
  const kept = addresses.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return kept.success && isAlive(kept.data.pid) ? kept.data : undefined;
}

export function writeAddresses(dataDir: string, value: StackAddresses): void {
  writeFileSync(fileOf(dataDir), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

export function removeAddresses(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'stack.json');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
