import { FormatError } from '../errors/format-error.js';

/** Reads lines of `name value ..` in their fixed order. Every refusal names the line. */
export class LineReader {
  private readonly lines: readonly string[];
  private next = 0;

  /** @throws FormatError unless the text is printable ASCII in lines that each end with LF */
  constructor(text: string, what: string) {
    if (!/^[\n -~]*$/.test(text) || !text.endsWith('\n')) throw new FormatError(what, 'is not lines of printable ASCII');
    this.lines = text.slice(0, -1).split('\n');
  }

  /** The whole next line. */
  line(field: string): string {
    const line = this.lines[this.next++];
    if (line === undefined) throw new FormatError(field, 'is missing');
    return line;
  }

  /** What the next line, named `field`, holds: `pattern` is matched against all that follows the name and a space. */
  match(field: string, pattern: RegExp): readonly string[] {
    const line = this.line(field);
    const found = line.startsWith(`${field} `) ? pattern.exec(line.slice(field.length + 1)) : null;
    if (!found) throw new FormatError(field, 'is malformed');
    return found.slice(1);
  }

  /** The value of a line that holds a single one. */
  value(field: string, pattern: RegExp): string {
    return this.match(field, pattern)[0] ?? '';
  }

  isNext(field: string): boolean {
    return this.lines[this.next]?.startsWith(`${field} `) ?? false;
  }

  atEnd(): boolean {
    return this.next === this.lines.length;
  }

  end(field: string): void {
    if (!this.atEnd()) throw new FormatError(field, 'has trailing lines');
  }
}

/** Up to 2^53 - 1. Leading zeros are caught by comparing with the one encoding. @throws FormatError */
export function integer(digits: string | undefined, field: string): number {
  const value = digits !== undefined && /^\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new FormatError(field, 'is not a number');
  return value;
}
