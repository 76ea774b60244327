/** What was down when, told by whoever does it and by whoever sees it come back. Times are of one clock. */
export class OutageLog {
  private readonly spans = new Map<string, { readonly from: number; to: number }[]>();

  constructor(private readonly now: () => number) {}

  /** @param part a node's index, `bus` or `gateway` */
  down(part: string): void {
    const known = this.spans.get(part) ?? [];
    if (known.at(-1)?.to !== Infinity) known.push({ from: this.now(), to: Infinity });
    this.spans.set(part, known);
  }

  up(part: string): void {
    const last = this.spans.get(part)?.at(-1);
    if (last?.to === Infinity) last.to = this.now();
  }

  /** Whether bus and gateway were up all that time, and never more than `mostNodes` nodes were down at once. */
  isServing(from: number, to: number, mostNodes: number): boolean {
    const overlapping = (part: string): readonly { readonly from: number; readonly to: number }[] =>
      (this.spans.get(part) ?? []).filter((span) => span.from <= to && span.to >= from);
    if (overlapping('bus').length > 0 || overlapping('gateway').length > 0) return false;
    const nodes = [...this.spans.keys()].filter((part) => part !== 'bus' && part !== 'gateway').flatMap(overlapping);
    const begins = [from, ...nodes.map((span) => span.from).filter((at) => at > from)];
    return begins.every((at) => nodes.filter((span) => span.from <= at && span.to >= at).length <= mostNodes);
  }
}
