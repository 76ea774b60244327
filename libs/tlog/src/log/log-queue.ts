import { invalid, VaultError } from '@strongroom/protocol';
import { leafHash } from '@strongroom/transparency';
import { nameOf } from './log-state.js';
import { isEntry, type LogWriter } from './log-writer.js';

/** More than this in one batch would hold up whoever asks next. */
const MAX_BATCH_ENTRIES = 1_024;
const MAX_BATCH_BYTES = 4 << 20;
/** What waits is refused beyond this, so that a burst cannot fill the memory. */
const MAX_WAITING = 8_192;

type Waiting = {
  readonly entry: Uint8Array;
  readonly name: string;
  readonly resolve: (index: number) => void;
  readonly reject: (error: VaultError) => void;
};

/**
 * Sequences appends: whatever comes while the disk is busy forms the next batch. The same entry again has the same index,
 * whether it is in the tree, in the batch under way or in the queue.
 */
export class LogQueue {
  private readonly waiting: Waiting[] = [];
  private readonly known = new Map<string, Promise<number>>();
  private failed = false;
  private turn: Promise<unknown> = Promise.resolve();
  private running = false;

  constructor(
    readonly writer: LogWriter,
    /** Told after each batch, once the new checkpoint is durable. */
    private readonly onGrown: () => void = () => undefined,
  ) {}

  /** Whether the last thing done with the disk worked. */
  get isWell(): boolean {
    return !this.failed;
  }

  /**
   * The entry's index once the tree that holds it is signed and durable.
   * @throws REQUEST_INVALID for what can be no entry; FLEET_UNAVAILABLE when too much waits or the disk fails: the entry
   * may be in the log all the same, ask again
   */
  async append(entry: Uint8Array): Promise<number> {
    if (!isEntry(entry)) throw invalid('entry', 'is empty or too long');
    const name = nameOf(leafHash(entry));
    const pending = this.known.get(name);
    if (pending) return pending;
    if (this.waiting.length >= MAX_WAITING) throw new VaultError('FLEET_UNAVAILABLE', 'the log is busy');
    const done = new Promise<number>((resolve, reject) => this.waiting.push({ entry: entry.slice(), name, resolve, reject }));
    this.known.set(name, done);
    if (!this.running) this.start();
    return done;
  }

  /** Resolves when the log can be read: after a failure its disk is read again first. @throws the disk's error */
  ready(): Promise<void> {
    return this.inTurn(() => this.withDisk(() => Promise.resolve()));
  }

  /** Publishes cosignatures between two batches. */
  publish(note: string): Promise<void> {
    return this.inTurn(() => this.withDisk(() => this.writer.publish(note)));
  }

  /** Resolves when all that waits now is done. */
  settled(): Promise<void> {
    return this.inTurn(() => Promise.resolve());
  }

  private start(): void {
    this.running = true;
    void this.inTurn(() => this.run());
  }

  /** One batch, so that between two others get their turn; a failure ends all that wait, because their disk is in doubt. */
  private async run(): Promise<void> {
    const batch = this.takeBatch();
    try {
      await this.withDisk(() => this.write(batch));
    } catch (cause) {
      const refused = new VaultError('FLEET_UNAVAILABLE', 'the log cannot write', {}, { cause });
      for (const each of [...batch, ...this.waiting.splice(0)]) this.settle(each, () => each.reject(refused));
    }
    this.running = this.waiting.length > 0;
    if (this.running) this.start();
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const fresh = batch.filter(({ entry }) => this.writer.indexOf(leafHash(entry)) === undefined);
    if (fresh.length > 0) {
      await this.writer.append(fresh.map(({ entry }) => entry));
      this.onGrown();
    }
    for (const each of batch) {
      const index = this.writer.indexOf(leafHash(each.entry));
      if (index === undefined) throw new VaultError('INTERNAL', 'the log lost an entry');
      this.settle(each, () => each.resolve(index));
    }
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    const tooMany = this.waiting.findIndex(({ entry }, i) => (bytes += entry.length) > MAX_BATCH_BYTES && i > 0);
    return this.waiting.splice(0, Math.min(tooMany < 0 ? this.waiting.length : tooMany, MAX_BATCH_ENTRIES));
  }

  private settle({ name }: Waiting, end: () => void): void {
    this.known.delete(name);
    end();
  }

  /** After a failure the disk is read again first. */
  private async withDisk(work: () => Promise<void>): Promise<void> {
    try {
      if (this.failed) await this.writer.recover();
      await work();
      this.failed = false;
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
