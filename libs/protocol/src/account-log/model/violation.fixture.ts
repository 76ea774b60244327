/** A rule of PROTOCOL 8 that does not hold. */
export class Violation extends Error {}
