import { VaultError } from '@strongroom/protocol';

interface Waiting<Row> {
  readonly rows: readonly Row[];
  readonly resolve: () => void;
  readonly reject: (error: VaultError) => void;
}

/** Errors of the disk after which the same process may go on: nothing was written, and space can come back. */
const NO_SPACE = /ENOSPC|EFBIG|EDQUOT|No space left|File too large|Disk quota|MDB_MAP_FULL/;

/**
 * Group commit: one write to the disk is under way at a time, and whatever is committed meanwhile goes together into
 * the next. A busy node so pays one flush for many commits, an idle one waits for nobody.
 *
 * After a failed flush nobody knows what the disk holds (the kernel reports it once and forgets), so this refuses all
 * further commits: the process restarts and reads what is really there. A full disk is the exception.
 */
export class CommitGroups<Row> {
  private waiting: Waiting<Row>[] = [];
  private running: Promise<void> | null = null;
  private failure: VaultError | null = null;

  /**
   * @param write makes rows durable, all or none, in order
   * @param onFailure told once, when the disk failed for good
   */
  constructor(
    private readonly write: (rows: readonly Row[]) => Promise<void>,
    private readonly onFailure: (failure: VaultError) => void = () => undefined,
  ) {}

  /** Resolves when `rows` are durable. @throws INTERNAL when the disk refused */
  add(rows: readonly Row[]): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private async run(): Promise<void> {
    // Whoever else commits in this turn comes along.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      const failure = this.failure ?? (await this.attempt(group.flatMap(({ rows }) => rows)));
      for (const { resolve, reject } of group) failure === null ? resolve() : reject(failure);
    }
    this.running = null;
  }

  private async attempt(rows: readonly Row[]): Promise<VaultError | null> {
    try {
      if (rows.length > 0) await this.write(rows);
      return null;
    } catch (cause) {
      const full = NO_SPACE.test(await reasonOf(cause));
      const failure = new VaultError('INTERNAL', full ? 'the disk is full' : 'the disk failed', {}, { cause });
      if (full) return failure;
      this.failure = failure;
      this.onFailure(failure);
      return failure;
    }
  }
}

/** lmdb-js says why in a second promise, `commitError`, that rejects with the system's error. */
async function reasonOf(error: unknown): Promise<string> {
  if (typeof error !== 'object' || error === null || !('commitError' in error)) return String(error);
  try {
    await error.commitError;
    return String(error);
  } catch (cause) {
    return String(cause);
  }
}
