/** A text or key that breaks its grammar. `field` names the part that was refused; nothing of it was used. */
export class FormatError extends Error {
  override readonly name = 'FormatError';

  constructor(
    readonly field: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${field}: ${reason}`, options);
  }
}
