/** More than one round asks, and as much again within eight seconds. */
const AT_ONCE = 160;
const PER_SECOND = 20;

/** How much a peer may ask: comparing costs it little and this node a page of reads. One entry for each member at most. */
export class AskingAllowance {
  private readonly left = new Map<number, { readonly questions: number; readonly atMs: number }>();

  constructor(private readonly nowMs: () => number) {}

  /** @returns null, or when to come again */
  take(node: number): number | null {
    const now = this.nowMs();
    const { questions, atMs } = this.left.get(node) ?? { questions: AT_ONCE, atMs: now };
    // A clock that was set back gives nothing, and takes nothing either.
    const refilled = Math.min(AT_ONCE, questions + (Math.max(0, now - atMs) * PER_SECOND) / 1_000);
    const granted = refilled >= 1;
    this.left.set(node, { questions: granted ? refilled - 1 : refilled, atMs: now });
    return granted ? null : now + Math.ceil(((1 - refilled) * 1_000) / PER_SECOND);
  }
}
