/** What a run of the demo has measured so far; every field starts at what nothing has shown yet. */
export interface DemoReport {
  /** The right code brought the same 32 bytes back on a new device. */
  recovered: boolean;
  /** Bytes of the restored folder that were compared with the original, all equal. */
  bytesCompared: number;
  /** Attempts that the nodes' signed votes count after the wrong codes. */
  wrongCodesCounted: number;
  /** Wrong codes until the record was locked; 0 while it is not. */
  lockedAfter: number;
  /** Every node has said that it destroyed its shares of the locked record. */
  sharesErased: boolean;
  /** Node processes that were dead while the key was recovered again. */
  nodesKilled: number;
  recoveredWithNodesDown: boolean;
  /** Duration of each step in milliseconds. */
  readonly ms: Record<string, number>;
}

export function emptyReport(ms: Readonly<Record<string, number>> = {}): DemoReport {
  return {
    recovered: false,
    bytesCompared: 0,
    wrongCodesCounted: 0,
    lockedAfter: 0,
    sharesErased: false,
    nodesKilled: 0,
    recoveredWithNodesDown: false,
    ms: { ...ms },
  };
}

export const WRONG_CODES = 2;
export const NODES_TO_KILL = 2;

/** Whether every step held. */
export function allHeld(report: DemoReport, attempts: number): boolean {
  return (
    report.recovered &&
    report.bytesCompared > 0 &&
    report.wrongCodesCounted === WRONG_CODES &&
    report.lockedAfter === attempts &&
    report.sharesErased &&
    report.nodesKilled === NODES_TO_KILL &&
    report.recoveredWithNodesDown
  );
}
