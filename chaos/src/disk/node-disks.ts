import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';

/** How a node's disk is made full: a small file system of its own, or a limit on the size of its files, or not at all. */
export type DiskFullBy = 'tmpfs' | 'file-size-limit' | 'nothing';

const SIZE_MB = 48;
const BALLAST_BLOCK = Buffer.alloc(1 << 20, 1);
/** Below what any file of a node's store has: every further write is refused with EFBIG. */
const LIMIT_BYTES = 4_096;

/** The directories of the nodes; those that are to be filled lie on disks of their own. */
export class NodeDisks {
  private readonly mounted = new Set<string>();

  private constructor(
    private readonly root: string,
    readonly fullBy: DiskFullBy,
  ) {}

  /** Mounts a small file system for each of `small` where this process may; a machine without that and without prlimit fills no disks. */
  static create(root: string, small: readonly number[]): NodeDisks {
    const folders = small.map((node) => join(root, `disk-${node}`));
    for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mounted: string[] = [];
    for (const folder of folders)
      if (run('mount', '-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0700`, 'chaos', folder)) mounted.push(folder);
    const limit = run('prlimit', '--version') ? 'file-size-limit' : 'nothing';
    const disks = new NodeDisks(root, mounted.length === folders.length ? 'tmpfs' : limit);
    for (const folder of mounted) disks.mounted.add(folder);
    return disks;
  }

  /** DATA_DIR of a node. */
  folderOf(node: number): string {
    return join(this.root, `disk-${node}`, 'node');
  }

  /** @param pid of the running node; undefined when it is down */
  fill(node: number, pid: number | undefined): void {
    if (this.fullBy === 'tmpfs') fillUp(this.ballastOf(node));
    else if (this.fullBy === 'file-size-limit' && pid !== undefined) limitFiles(pid, String(LIMIT_BYTES));
  }

  free(node: number, pid: number | undefined): void {
    if (this.fullBy === 'tmpfs') rmSync(this.ballastOf(node), { force: true });
    else if (this.fullBy === 'file-size-limit' && pid !== undefined) limitFiles(pid, 'unlimited');
  }

  /** Unmounts everything. @throws Error naming what is still mounted */
  unmount(): void {
    for (const folder of this.mounted) if (run('umount', folder) || run('umount', '--lazy', folder)) this.mounted.delete(folder);
    if (this.mounted.size > 0) throw new Error(`still mounted: ${[...this.mounted].join(', ')}`);
  }

  private ballastOf(node: number): string {
    return join(this.root, `disk-${node}`, 'ballast');
  }
}

function run(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, [...args], { stdio: 'ignore' }).status === 0;
}

/** The soft limit alone: whoever owns the process may raise it again. */
function limitFiles(pid: number, bytes: string): void {
  if (!run('prlimit', '--pid', String(pid), `--fsize=${bytes}:`)) throw new Error(`prlimit refused a limit for process ${pid}`);
}

/** Until not one byte more fits. */
function fillUp(file: string): void {
  const ballast = openSync(file, 'a', 0o600);
  try {
    for (let block = BALLAST_BLOCK; block.length > 0;) {
      try {
        writeSync(ballast, block);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        block = block.subarray(0, block.length >> 1);
      }
    }
  } finally {
    closeSync(ballast);
  }
}
