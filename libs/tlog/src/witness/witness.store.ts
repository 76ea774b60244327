/** What a witness may never forget: the newest checkpoint that it cosigned of each log. */
export abstract class WitnessStore {
  /** The note with the log's signatures and the witness's own. */
  abstract load(origin: string): Promise<string | undefined>;

  /** Durable when it returns. */
  abstract save(origin: string, note: string): Promise<void>;
}
