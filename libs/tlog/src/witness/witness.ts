import { VaultError } from '@strongroom/protocol';
import {
  assembleNote,
  FormatError,
  formatSignatureLine,
  makeCosignerVkey,
  readCheckpoint,
  signCosignature,
  verifyCosignatures,
  type Checkpoint,
  type CosignerVkey,
  type Ed25519Signer,
  type Vkey,
} from '@strongroom/transparency';
import { demandContinues, openSubmitted } from './judge.js';
import type { Submission } from './submission.js';
import type { WitnessStore } from './witness.store.js';

export interface WitnessOptions {
  /** Name of its key, as in `witness.example/w1`. */
  readonly name: string;
  readonly signer: Ed25519Signer;
  /** Logs that it witnesses: a key's name is the log's origin; a log may have several keys. */
  readonly logs: readonly Vkey[];
  readonly store: WitnessStore;
  readonly nowMs: () => number;
}

/** Cosigns checkpoints that continue what it saw before: C2SP tlog-witness. One process has its store at a time. */
export class Witness {
  readonly vkey: CosignerVkey;
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly options: WitnessOptions) {
    this.vkey = makeCosignerVkey(options.name, options.signer.publicKey);
  }

  /** Signature lines over the checkpoint, each with its line feed. @throws Refused; INTERNAL when its memory is damaged */
  async addCheckpoint(submission: Submission): Promise<string> {
    const { checkpoint, note } = openSubmitted(submission.checkpoint, this.options.logs);
    return this.inTurn(checkpoint.origin, async () => {
      demandContinues(submission, checkpoint, await this.last(checkpoint.origin));
      const time = Math.floor(this.options.nowMs() / 1000);
      const own = signCosignature(note.text, this.vkey.name, this.options.signer, time);
      // Before the answer: what it forgot it could contradict.
      await this.options.store.save(checkpoint.origin, assembleNote(note.text, [...note.signatures, own]));
      return `${formatSignatureLine(own)}\n`;
    });
  }

  /** The newest checkpoint that it cosigned of a log, with both signatures; `undefined` for none. */
  cosigned(origin: string): Promise<string | undefined> {
    return this.options.store.load(origin);
  }

  /** Origins that it witnesses. */
  get origins(): readonly string[] {
    return [...new Set(this.options.logs.map(({ name }) => name))];
  }

  private async last(origin: string): Promise<Checkpoint | undefined> {
    const kept = await this.options.store.load(origin);
    if (kept === undefined) return undefined;
    try {
      const { checkpoint, note } = readCheckpoint(kept);
      if (checkpoint.origin === origin && verifyCosignatures(note, [this.vkey]).length === 1) return checkpoint;
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
    }
    throw new VaultError('INTERNAL', `what the witness remembers of ${origin} is not what it signed`);
  }

  /** Reading, judging and keeping are one step for each log: of two submissions the second meets what the first left. */
  private inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const done = (this.turns.get(origin) ?? Promise.resolve()).then(work);
    this.turns.set(
      origin,
      done.catch(() => undefined),
    );
    return done;
  }
}
