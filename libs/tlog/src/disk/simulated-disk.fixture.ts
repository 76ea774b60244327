import { Disk } from './disk.js';

/** The process ended here. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

type Inode = { volatile: Uint8Array; durable: Uint8Array };
type Entry = Inode | 'folder';

/** What of the work that was not made durable a crash leaves: all of it (a killed process), nothing, or one or the other by chance. */
export type Survival = 'all' | 'none' | (() => boolean);

/**
 * A disk in memory that knows what would survive. Bytes last after `sync`, names after `syncFolder`; everything else may
 * or may not be there after a crash. `crashAt` ends the process before that call.
 */
export class SimulatedDisk extends Disk {
  private names = new Map<string, Entry>();
  private durableNames = new Map<string, Entry>();
  calls = 0;

  constructor(readonly crashAt = Number.POSITIVE_INFINITY) {
    super();
  }

  /** The disk as another process finds it later. */
  afterCrash(survival: Survival, crashAt = Number.POSITIVE_INFINITY): SimulatedDisk {
    const keep = typeof survival === 'function' ? survival : (): boolean => survival === 'all';
    const next = new SimulatedDisk(crashAt);
    const inodes = new Map<Inode, Inode>();
    for (const path of new Set([...this.durableNames.keys(), ...this.names.keys()])) {
      const [now, before] = [this.names.get(path), this.durableNames.get(path)];
      const entry = now === before || !keep() ? before : now;
      if (entry === undefined) continue;
      const copy = entry === 'folder' ? entry : (inodes.get(entry) ?? survivor(entry, keep()));
      if (entry !== 'folder' && copy !== 'folder') inodes.set(entry, copy);
      next.names.set(path, copy);
    }
    // What lies in a folder that is not there is not there.
    for (const path of [...next.names.keys()].sort()) if (!next.isFolder(folderOf(path))) next.names.delete(path);
    // What a killed process left in memory is not durable for the next one either; a power cut leaves nothing else.
    next.durableNames = survival === 'all' ? this.durableImage(inodes) : new Map(next.names);
    return next;
  }

  override async read(path: string): Promise<Uint8Array | undefined> {
    const entry = this.names.get(path);
    return entry === undefined || entry === 'folder' ? undefined : entry.volatile.slice();
  }

  override async write(path: string, bytes: Uint8Array): Promise<void> {
    this.step();
    if (!this.isFolder(folderOf(path))) throw new Error(`no folder for ${path}`);
    const entry = this.names.get(path);
    if (entry === undefined || entry === 'folder') this.names.set(path, { volatile: bytes.slice(), durable: new Uint8Array(0) });
    else entry.volatile = bytes.slice();
  }

  override async sync(path: string): Promise<void> {
    this.step();
    const entry = this.names.get(path);
    if (entry === undefined || entry === 'folder') throw new Error(`no file ${path}`);
    entry.durable = entry.volatile;
  }

  override async rename(from: string, to: string): Promise<void> {
    this.step();
    const entry = this.names.get(from);
    if (entry === undefined) throw new Error(`no file ${from}`);
    this.names.set(to, entry);
    this.names.delete(from);
  }

  override async makeFolder(path: string): Promise<void> {
    this.step();
    if (!this.isFolder(folderOf(path))) throw new Error(`no folder for ${path}`);
    if (!this.names.has(path)) this.names.set(path, 'folder');
  }

  override async syncFolder(path: string): Promise<void> {
    this.step();
    if (!this.isFolder(path)) throw new Error(`no folder ${path}`);
    const inside = (name: string): boolean => folderOf(name) === path && name !== '';
    for (const name of [...this.durableNames.keys()].filter(inside)) if (!this.names.has(name)) this.durableNames.delete(name);
    for (const [name, entry] of this.names) if (inside(name)) this.durableNames.set(name, entry);
  }

  override async removeFolder(path: string): Promise<void> {
    this.step();
    for (const name of [...this.names.keys()]) if (name === path || name.startsWith(`${path}/`)) this.names.delete(name);
  }

  override async list(path: string): Promise<readonly string[]> {
    return [...this.names.keys()].filter((name) => folderOf(name) === path).map((name) => name.slice(name.lastIndexOf('/') + 1));
  }

  private durableImage(inodes: ReadonlyMap<Inode, Inode>): Map<string, Entry> {
    const image = new Map<string, Entry>();
    for (const [path, entry] of this.durableNames) image.set(path, entry === 'folder' ? entry : (inodes.get(entry) ?? { ...entry }));
    return image;
  }

  private isFolder(path: string): boolean {
    return path === '' || this.names.get(path) === 'folder';
  }

  private step(): void {
    if (this.calls >= this.crashAt) throw new Crash(`before call ${this.calls}`);
    this.calls += 1;
  }
}

function survivor({ volatile, durable }: Inode, kept: boolean): Inode {
  return kept ? { volatile, durable } : { volatile: durable, durable };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
