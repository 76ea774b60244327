/** The public log that the auditor runs. */
export abstract class BundleLog {
  /**
   * The tlog-proof of a bundle with both signatures, cosigned by a quorum; logs it first, if need be.
   * @throws REQUEST_INVALID or CONFLICT when the auditor refuses it; FLEET_UNAVAILABLE when it or its witnesses are away: it
   * may be in the log
   */
  abstract proof(note: string): Promise<string>;
}
