/** The one ciphersuite of Plexi that is used here: Ed25519 over protobuf. */
export const PROTOBUF_ED25519 = 1;

/** `SignatureMessage` of plexi_core's types.proto: what an auditor signs for one epoch of a namespace. */
export type SignatureMessage = {
  readonly namespace: string;
  readonly timestampMs: number;
  readonly epoch: number;
  readonly digest: Uint8Array;
};

/**
 * Its protobuf bytes, fields in the order of their numbers. They begin with 0x08, which no note text and no enrolment
 * holds, so one key may sign all of them.
 */
export function encodeSignatureMessage({ namespace, timestampMs, epoch, digest }: SignatureMessage): Uint8Array {
  return Uint8Array.of(
    ...[0x08, ...varint(PROTOBUF_ED25519)],
    ...delimited(0x12, new TextEncoder().encode(namespace)),
    ...[0x18, ...varint(timestampMs)],
    ...delimited(0x22, [0x08, ...varint(epoch)]),
    ...delimited(0x2a, digest),
  );
}

function delimited(tag: number, bytes: ArrayLike<number> & Iterable<number>): readonly number[] {
  return [tag, ...varint(bytes.length), ...bytes];
}

/** Up to 2^53 - 1, so by division: bit operations would cut it to 32 bits. */
function varint(value: number): readonly number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('no unsigned number');
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}
