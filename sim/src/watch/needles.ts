import { toBase64url, toHex, type Bytes } from '@strongroom/protocol';

/** Something that nobody but its owner may ever see. */
export interface Needle {
  readonly what: string;
  /** Whose share it is; null where it is nobody's but the client's. */
  readonly node: number | null;
  readonly bytes: Bytes;
}

/** Where shares, keys and backup keys are looked for: byte by byte, whatever form the bytes are in. */
export class Needles {
  private readonly starts = new Map<number, Needle[]>();
  private readonly likely = new Uint8Array(1 << 16);
  private readonly texts: { readonly needle: Needle; readonly forms: readonly string[] }[] = [];

  add(needle: Needle): void {
    const [a = 0, b = 0, c = 0, d = 0] = needle.bytes;
    const start = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    this.starts.set(start, [...(this.starts.get(start) ?? []), needle]);
    this.likely[start & 0xffff] = 1;
    this.texts.push({ needle, forms: [toHex(needle.bytes), toBase64url(needle.bytes)] });
  }

  /** All that stand somewhere in `bytes`. */
  in(bytes: Bytes): readonly Needle[] {
    const found: Needle[] = [];
    let last = 0;
    for (let at = 0; at < bytes.length; at++) {
      last = ((last << 8) | (bytes[at] ?? 0)) >>> 0;
      if (this.likely[last & 0xffff] === 0) continue;
      for (const needle of this.starts.get(last) ?? []) if (stands(needle.bytes, bytes, at - 3)) found.push(needle);
    }
    return found;
  }

  /** All that are told in hex or base64url. */
  told(text: string): readonly Needle[] {
    return this.texts.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ needle }) => needle);
  }
}

function stands(needle: Bytes, bytes: Bytes, from: number): boolean {
  return from >= 0 && from + needle.length <= bytes.length && needle.every((byte, i) => byte === bytes[from + i]);
}
