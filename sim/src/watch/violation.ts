/** The rule that no handler of a node or a client throws what it does not say that it throws. */
export const BROKEN_CODE = 'code';

/** A rule of PROTOCOL 8 that does not hold, or one of the rules that it rests on. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    /** As in `I1`, or the section: `4.2`. */
    readonly rule: string,
    readonly story: string,
  ) {
    super(`${rule}: ${story}`);
  }
}
