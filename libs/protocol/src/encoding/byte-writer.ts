import { concat, utf8, type Bytes } from './bytes.js';

/** Builds the canonical encodings of PROTOCOL 2: big-endian numbers, `lv` = u16 length then bytes. */
export class ByteWriter {
  private readonly parts: Bytes[] = [];

  /** Starts a signed, hashed or derived input with its own label: lv("strongroom/v1/<use>"). */
  static labelled(use: string): ByteWriter {
    return new ByteWriter().lv(utf8(`strongroom/v1/${use}`));
  }

  u8(value: number): this {
    return this.integer(value, 1);
  }

  u16(value: number): this {
    return this.integer(value, 2);
  }

  u32(value: number): this {
    return this.integer(value, 4);
  }

  /** Up to 2^53 - 1, which covers milliseconds since 1970. */
  u64(value: number): this {
    return this.integer(value, 8);
  }

  raw(bytes: Bytes): this {
    this.parts.push(bytes);
    return this;
  }

  lv(bytes: Bytes): this {
    return this.u16(bytes.length).raw(bytes);
  }

  text(value: string): this {
    return this.lv(utf8(value));
  }

  bytes(): Bytes {
    return concat(...this.parts);
  }

  private integer(value: number, width: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width) {
      throw new RangeError(`${value} does not fit into ${width} bytes`);
    }
    const out = new Uint8Array(width);
    let rest = value;
    for (let i = width - 1; i >= 0; i--) {
      out[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.parts.push(out);
    return this;
  }
}
