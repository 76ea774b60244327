import type { Bytes } from '@strongroom/protocol';
import { KeySlots, type KeySlot } from '../storage/key-slots.js';
import type { MemoryNodeStore } from '../storage/memory-node-store.js';
import { NodeStore, type ScanOptions, type StoreRow, type StoreWrite } from '../storage/node-store.js';

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** For specs only: where the process ends. */
export interface CrashPoint {
  /** The how manieth commit of this life, from 1. */
  readonly commit: number;
  /** Before it is durable, or after it and before anybody is told. */
  readonly when: 'before' | 'after';
}

/** For specs only: a disk as one process sees it. When the process ends nothing that it began goes on. */
export class MortalStore extends NodeStore {
  commits = 0;
  crashAt: CrashPoint | null = null;
  onCrash: () => void = () => undefined;
  /** Commits wait for it. */
  gate: Promise<void> = Promise.resolve();
  private dead = false;

  constructor(private readonly disk: MemoryNodeStore) {
    super();
  }

  end(): void {
    this.dead = true;
    this.disk.restart();
  }

  get(table: string, key: Bytes): Bytes | null {
    return this.disk.get(table, key);
  }

  scan(table: string, options: ScanOptions): readonly StoreRow[] {
    return this.disk.scan(table, options);
  }

  async commit(writes: readonly StoreWrite[]): Promise<void> {
    if (this.dead) return never();
    this.commits += 1;
    const dies = this.crashAt?.commit === this.commits ? this.crashAt.when : null;
    if (dies === 'before') return this.crash();
    await this.gate;
    if (this.isDead()) return never();
    await this.disk.commit(writes);
    if (dies === 'after') return this.crash();
    if (this.isDead()) return never();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private isDead(): boolean {
    return this.dead;
  }

  private crash(): Promise<void> {
    this.onCrash();
    return never();
  }
}

/** For specs only: key slots as one process sees them. */
export class MortalSlots extends KeySlots {
  private dead = false;

  constructor(private readonly slots: KeySlots) {
    super();
  }

  end(): void {
    this.dead = true;
  }

  recover(named: ReadonlySet<number>): Promise<void> {
    return this.dead ? never() : this.slots.recover(named);
  }

  allocate(count: number): Promise<readonly KeySlot[]> {
    return this.dead ? never() : this.slots.allocate(count);
  }

  read(slot: number): Bytes | null {
    return this.slots.read(slot);
  }

  erase(slots: readonly number[]): Promise<void> {
    return this.dead ? never() : this.slots.erase(slots);
  }

  release(slots: readonly number[]): void {
    if (!this.dead) this.slots.release(slots);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
