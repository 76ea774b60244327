import { equal, utf8, type Bytes } from './bytes.js';
import { invalid } from '../errors/protocol-error.js';

/** Strict reader of the encodings of PROTOCOL 2. Every failure is REQUEST_INVALID and names the field. */
export class ByteReader {
  private offset = 0;

  constructor(private readonly source: Bytes) {}

  label(use: string): this {
    if (!equal(this.lv('label'), utf8(`strongroom/v1/${use}`))) throw invalid('label', `is not ${use}`);
    return this;
  }

  u8(field: string): number {
    return this.integer(field, 1);
  }

  u16(field: string): number {
    return this.integer(field, 2);
  }

  u32(field: string): number {
    return this.integer(field, 4);
  }

  u64(field: string): number {
    const value = this.integer(field, 8);
    if (!Number.isSafeInteger(value)) throw invalid(field, 'is above 2^53 - 1');
    return value;
  }

  /** A copy of the next `length` bytes, so that wiping or changing the source later cannot reach it. */
  raw(field: string, length: number): Bytes {
    const end = this.offset + length;
    if (end > this.source.length) throw invalid(field, 'is cut short');
    const out = Uint8Array.prototype.slice.call(this.source, this.offset, end);
    this.offset = end;
    return out;
  }

  lv(field: string): Bytes {
    return this.raw(field, this.u16(field));
  }

  /** UTF-8 text that encodes back to the same bytes. */
  text(field: string): string {
    const bytes = this.lv(field);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw invalid(field, cause instanceof TypeError ? 'is not UTF-8' : 'cannot be decoded');
    }
  }

  /** Refuses trailing bytes: call it last. */
  end(field = 'message'): void {
    if (this.offset !== this.source.length) throw invalid(field, 'has trailing bytes');
  }

  private integer(field: string, width: number): number {
    let value = 0;
    for (const byte of this.raw(field, width)) value = value * 256 + byte;
    return value;
  }
}
