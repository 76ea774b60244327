import type { Envelope, NoteSignature } from '@strongroom/transparency';

/** The bundle auditor: whoever else must sign. */
export abstract class Countersigner {
  /**
   * Its signature over the same bytes.
   * @throws REQUEST_INVALID or CONFLICT when it refuses the text; CONFLICT carries `signed`, the digest of the text
   * that it signed for this epoch, if that is why. FLEET_UNAVAILABLE when it cannot be asked: it may have signed.
   */
  abstract countersign(text: string): Promise<NoteSignature>;

  /** Its signature over the same statement. @throws REQUEST_INVALID naming the check that failed; FLEET_UNAVAILABLE */
  abstract countersignDeployment(envelope: Envelope): Promise<Envelope>;
}
