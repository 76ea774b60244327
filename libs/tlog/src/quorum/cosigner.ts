import type { Log } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import {
  isQuorum,
  openCheckpoint,
  verifyCosignatures,
  type Cosignature,
  type NoteSignature,
  type OpenedCheckpoint,
  type Policy,
} from '@strongroom/transparency';
import type { LogQueue } from '../log/log-queue.js';
import { mergeCosignatures } from './merge-cosignatures.js';
import { submitCheckpoint, type WitnessAddress } from './submit-checkpoint.js';

export interface CosignerOptions {
  readonly queue: LogQueue;
  readonly policy: Policy;
  /** Those that can be asked; others of the policy can only be missed. */
  readonly witnesses: readonly WitnessAddress[];
  /** How long one witness may take for all of its answers. */
  readonly timeoutMs: number;
  /** A checkpoint whose cosignatures are older is shown to the witnesses again. */
  readonly refreshMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** How the newest checkpoint stands with its witnesses. */
export type Standing = {
  readonly note: string;
  readonly size: number;
  readonly isQuorum: boolean;
  /** Seconds since 1970 of each known cosignature. */
  readonly cosignatures: readonly Cosignature[];
};

/** Gathers the witnesses' cosignatures for the newest checkpoint of a log, and again before they are too old. */
export class Cosigner {
  /** What each witness cosigned last, as far as it is known; asked for with 0. */
  private readonly sizes = new Map<WitnessAddress, number>();
  private underWay: Promise<Standing> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: CosignerOptions) {}

  standing(): Standing {
    const { queue, policy } = this.options;
    const { note, checkpoint } = queue.writer.current;
    const known = policy.witnesses.map(({ vkey }) => vkey);
    const cosignatures = verifyCosignatures(openCheckpoint(note, queue.writer.vkey).note, known);
    const cosigners = cosignatures.map(({ vkey }) => vkey);
    return { note, size: checkpoint.size, isQuorum: isQuorum(policy, cosigners), cosignatures };
  }

  /**
   * The newest checkpoint once a quorum cosigned it, of `size` leaves or more.
   * @throws FLEET_UNAVAILABLE when too few witnesses answer: the entries stay in the log, ask again
   */
  async witnessed(size: number): Promise<Standing> {
    const now = this.standing();
    if (now.size >= size && now.isQuorum) return now;
    // A round that began before this entry was appended is for an older tree.
    const first = await this.gather();
    const standing = first.size >= size && first.isQuorum ? first : await this.gather();
    if (!standing.isQuorum || standing.size < size) {
      throw new VaultError(
        'FLEET_UNAVAILABLE',
        `too few witnesses cosigned: ${standing.cosignatures.length}, quorum ${this.options.policy.quorum}`,
      );
    }
    return standing;
  }

  /** Asks all witnesses; resolves at a quorum, or when all have answered or let their time pass. */
  gather(): Promise<Standing> {
    this.underWay ??= this.round().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  /** Looks now and every `everyMs` whether witnesses are to be asked. */
  start(everyMs: number): void {
    this.timer = setInterval(() => this.look(), everyMs);
    this.timer.unref();
    this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Whether the newest checkpoint lacks its quorum, or its cosignatures are old. */
  isDue(): boolean {
    const { isQuorum: enough, cosignatures } = this.standing();
    const oldest = Math.min(...cosignatures.map(({ time }) => time));
    return this.options.policy.witnesses.length > 0 && (!enough || oldest * 1000 <= this.options.nowMs() - this.options.refreshMs);
  }

  look(): void {
    const { log, queue } = this.options;
    const told = (error: unknown): void =>
      log.warn({ event: 'log.cosigning-failed', reason: error instanceof Error ? error.message : String(error) });
    try {
      if (queue.isWell && this.isDue()) this.gather().catch(told);
    } catch (error) {
      told(error);
    }
  }

  private async round(): Promise<Standing> {
    const { queue, witnesses } = this.options;
    const opened = openCheckpoint(queue.writer.current.note, queue.writer.vkey);
    const lines = new Map<WitnessAddress, NoteSignature>();
    const asked = witnesses.map(async (witness) => {
      const line = await this.ask(witness, opened);
      if (line) lines.set(witness, line);
    });
    const all = Promise.all(asked).then(() => this.publish(opened, lines));
    // Each answer may be the one that makes the quorum; those that come later are published when all are in.
    const enough = Promise.any(asked.map((one) => one.then(() => this.demandQuorum(lines)))).then(() => this.publish(opened, lines));
    await Promise.race([all, enough.catch(() => all)]);
    all.catch((error: unknown) => this.options.log.warn({ event: 'log.cosigning-failed', reason: String(error) }));
    return this.standing();
  }

  private demandQuorum(lines: ReadonlyMap<WitnessAddress, NoteSignature>): void {
    const cosigners = [...lines.keys()].map(({ vkey }) => vkey);
    if (!isQuorum(this.options.policy, cosigners)) throw new Error('no quorum yet');
  }

  private async ask(witness: WitnessAddress, opened: OpenedCheckpoint): Promise<NoteSignature | undefined> {
    const { queue, timeoutMs, log } = this.options;
    const { size } = opened.checkpoint;
    const oldSize = this.sizes.get(witness) ?? 0;
    const proofFrom = (old: number): Promise<readonly Uint8Array[]> => queue.writer.tree(size).consistencyProof(old);
    const result = await submitCheckpoint({ witness, opened, oldSize, proofFrom, timeoutMs });
    const told = { origin: opened.checkpoint.origin, witness: witness.vkey.name, size };
    if (result.outcome === 'cosigned') {
      this.sizes.set(witness, size);
      return result.line;
    }
    if (result.outcome === 'ahead') log.error({ event: 'log.behind-its-witness', ...told, known: result.size });
    else log.warn({ event: 'log.not-cosigned', ...told, reason: result.reason });
    return undefined;
  }

  private async publish({ note }: OpenedCheckpoint, lines: ReadonlyMap<WitnessAddress, NoteSignature>): Promise<void> {
    if (lines.size > 0) await this.options.queue.publish(mergeCosignatures(note, [...lines.values()]));
  }
}
