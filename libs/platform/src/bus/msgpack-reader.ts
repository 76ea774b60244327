import { invalid, type Bytes } from '@strongroom/protocol';

const MAX_DEPTH = 16;
const MAX_ITEMS = 65_536;
const FLOAT32 = 0xca;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the part of MessagePack that contracts use: nil, booleans, numbers, text, bytes, arrays and maps with text keys.
 * A decoder of its own because general ones build what a stranger asks for: extension types, dates, records compiled
 * into functions, an array of the length it claims. Here depth and number of items are limited, a length is believed
 * only when that many bytes follow, and every failure is REQUEST_INVALID.
 */
class MsgpackReader {
  private offset = 0;
  private items = 0;
  private readonly view: DataView;

  constructor(private readonly source: Bytes) {
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  end(): void {
    if (this.offset !== this.source.length) throw malformed('has trailing bytes');
  }

  value(depth: number): unknown {
    if (++this.items > MAX_ITEMS) throw malformed('holds too many items');
    const tag = this.unsigned(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.map(tag & 0x0f, depth);
    if (tag < 0xa0) return this.array(tag & 0x0f, depth);
    if (tag < 0xc0) return this.text(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    return this.tagged(tag, depth);
  }

  private tagged(tag: number, depth: number): unknown {
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return new Uint8Array(this.take(this.unsigned(1 << (tag - 0xc4))));
      case FLOAT32:
        return this.view.getFloat32(this.advance(4));
      case 0xcb:
        return this.view.getFloat64(this.advance(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.unsigned(1 << (tag - 0xcc));
      case 0xcf:
        return safe(this.view.getBigUint64(this.advance(8)));
      case 0xd0:
        return this.view.getInt8(this.advance(1));
      case 0xd1:
        return this.view.getInt16(this.advance(2));
      case 0xd2:
        return this.view.getInt32(this.advance(4));
      case 0xd3:
        return safe(this.view.getBigInt64(this.advance(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.text(this.unsigned(1 << (tag - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.array(this.unsigned(2 << (tag - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.map(this.unsigned(2 << (tag - 0xde)), depth);
      default:
        throw malformed('holds a type that no contract uses');
    }
  }

  private map(entries: number, depth: number): Readonly<Record<string, unknown>> {
    this.enter(2 * entries, depth);
    const out: Record<string, unknown> = {};
    for (let i = 0; i < entries; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' || key === '__proto__') throw malformed('has a key that is not plain text');
      if (Object.hasOwn(out, key)) throw malformed('has a key twice');
      out[key] = this.value(depth + 1);
    }
    return out;
  }

  private array(length: number, depth: number): readonly unknown[] {
    this.enter(length, depth);
    const out: unknown[] = [];
    for (let i = 0; i < length; i++) out.push(this.value(depth + 1));
    return out;
  }

  /** Every item takes at least one byte, so a claim of more items than bytes is refused before anything is allocated. */
  private enter(items: number, depth: number): void {
    if (depth >= MAX_DEPTH) throw malformed('is nested too deeply');
    if (items > this.source.length - this.offset) throw malformed('is cut short');
  }

  private text(length: number): string {
    const bytes = this.take(length);
    let out = '';
    for (let i = 0; i < length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte > 0x7f || length > 48) return utf8Text(bytes);
      out += String.fromCharCode(byte);
    }
    return out;
  }

  private take(length: number): Bytes {
    const start = this.advance(length);
    return this.source.subarray(start, start + length);
  }

  private unsigned(width: number): number {
    const start = this.advance(width);
    return width === 1 ? this.view.getUint8(start) : width === 2 ? this.view.getUint16(start) : this.view.getUint32(start);
  }

  private advance(length: number): number {
    const start = this.offset;
    if (length > this.source.length - start) throw malformed('is cut short');
    this.offset = start + length;
    return start;
  }
}

/** One MessagePack value and nothing after it; bytes are copies. @throws REQUEST_INVALID naming `message` */
export function readMsgpack(source: Bytes): unknown {
  const reader = new MsgpackReader(source);
  const value = reader.value(0);
  reader.end();
  return value;
}

function utf8Text(bytes: Bytes): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw malformed(cause instanceof TypeError ? 'holds text that is not UTF-8' : 'holds text that cannot be read');
  }
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw malformed('holds a number above 2^53 - 1');
  return number;
}

function malformed(reason: string): Error {
  return invalid('message', reason);
}
