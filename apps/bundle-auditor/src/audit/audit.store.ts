import type { Bytes } from '@strongroom/protocol';
import type { EpochRecord, SignedEpoch } from './audit.js';

/** The auditor's own record of every bundle it signed and of the statements it verified for it. */
export abstract class AuditStore {
  abstract around(epoch: number): Promise<EpochRecord>;

  /** The texts of these epochs, both included, in their order; fewer when it has not signed them all. */
  abstract texts(first: number, last: number): Promise<readonly string[]>;

  /**
   * Keeps the signature durably before it leaves the process, with the statements behind it.
   * @returns what the record holds for this epoch now: another text, if that came first
   */
  abstract keep(signed: SignedEpoch, statements: readonly Bytes[]): Promise<SignedEpoch>;
}
