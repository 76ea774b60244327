import { createHash, type Hash } from 'node:crypto';

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${String(h).padStart(3, '0')}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}.${String(Math.floor(ms % 1_000)).padStart(3, '0')}`;
};

/** What happened, twice: a hash of everything for comparing runs, and lines for people. */
export class Trace {
  readonly lines: string[] = [];
  private readonly digest: Hash = createHash('sha256');

  /** @param verbose whether each event gets a line too */
  constructor(
    readonly verbose: boolean,
    private readonly tell: (line: string) => void,
  ) {}

  event(elapsedMs: number, life: string, name: string): void {
    this.digest.update(`${elapsedMs} ${life} ${name}\n`);
    if (this.verbose && name !== 'heartbeat' && name !== 'interval') this.note(elapsedMs, `    ${life}: ${name}`);
  }

  said(from: number, name: string, payload: Uint8Array): void {
    this.digest.update(`${from} ${name} `);
    this.digest.update(payload);
  }

  note(elapsedMs: number, line: string): void {
    const text = `${clock(elapsedMs)}  ${line}`;
    this.lines.push(text);
    this.digest.update(text);
    this.tell(text);
  }

  hash(): string {
    return this.digest.copy().digest('hex');
  }
}
