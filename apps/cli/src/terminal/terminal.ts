import type { Readable, Writable } from 'node:stream';
import { paint, type Style } from './paint.js';

export interface TerminalStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

export interface TerminalOptions {
  readonly streams: TerminalStreams;
  /** One JSON object as the last line of standard output; everything for people goes to standard error. */
  readonly json: boolean;
  /** NO_COLOR is set, or the terminal is a dumb one. */
  readonly plain: boolean;
}

/** The one place that writes. Results go to standard output, progress and questions to standard error. */
export class Terminal {
  readonly json: boolean;
  private drawn = false;

  constructor(private readonly options: TerminalOptions) {
    this.json = options.json;
  }

  /** Somebody can be asked. */
  get interactive(): boolean {
    const { stdin, stderr } = this.options.streams;
    return stdin.isTTY === true && stderr.isTTY === true;
  }

  get streams(): TerminalStreams {
    return this.options.streams;
  }

  /** A line of the result, for people. */
  line(text = ''): void {
    this.clear();
    const { stdout, stderr } = this.options.streams;
    (this.json ? stderr : stdout).write(`${text}\n`);
  }

  /** A line beside the result. */
  note(text: string): void {
    this.clear();
    this.options.streams.stderr.write(`${text}\n`);
  }

  /** One line that is drawn over until something else is written; nothing at all without a terminal. */
  progress(text: string): void {
    const { stderr } = this.options.streams;
    if (stderr.isTTY !== true || this.options.plain) return;
    stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    this.drawn = true;
  }

  /** The result as one JSON object; without `--json` nothing. Called once, last. */
  result(value: object): void {
    this.clear();
    if (this.json) this.options.streams.stdout.write(`${JSON.stringify(value)}\n`);
  }

  style(style: Style, text: string): string {
    const { stdout, stderr } = this.options.streams;
    const colors = !this.options.plain && (this.json ? stderr : stdout).isTTY === true;
    return colors ? paint(style, text) : text;
  }

  private clear(): void {
    if (!this.drawn) return;
    this.options.streams.stderr.write('\r\u001b[2K');
    this.drawn = false;
  }
}
