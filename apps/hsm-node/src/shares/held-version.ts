import { ByteReader, ByteWriter, equal, type Bytes } from '@strongroom/protocol';

/** What the store knows of one version; everything that must be destroyable is ciphertext under the key of a slot. */
export interface HeldVersion {
  /** 32 bytes. */
  readonly recordHash: Bytes;
  readonly ver: number;
  readonly stagedAtMs: number;
  /** Its entry is decided. */
  readonly activated: boolean;
  /** The place of the log that a new sharing waits for (PROTOCOL 7.8); 0 for a registration. */
  readonly index: number;
  /** Slot of the key of share and record. */
  readonly slot: number;
  /** Slot of the key of the sealed shares kept for peers; `null` when none are kept. */
  readonly peerSlot: number | null;
  /** Indices of the nodes whose sealed share is kept. */
  readonly awaited: readonly number[];
  /** k_i || s_i under the slot's key. */
  readonly share: Bytes;
}

const NO_SLOT = 0xffffffff;

/** u8 count, then each: hash 32 || u32 ver || u64 stagedAtMs || u8 activated || u32 index || u32 slot || u32 peerSlot || lv awaited || lv share. */
export function encodeVersions(versions: readonly HeldVersion[]): Bytes {
  const writer = new ByteWriter().u8(versions.length);
  for (const version of versions) {
    writer
      .raw(version.recordHash)
      .u32(version.ver)
      .u64(version.stagedAtMs)
      .u8(version.activated ? 1 : 0)
      .u32(version.index);
    writer
      .u32(version.slot)
      .u32(version.peerSlot ?? NO_SLOT)
      .lv(Uint8Array.from(version.awaited))
      .lv(version.share);
  }
  return writer.bytes();
}

/** @throws REQUEST_INVALID naming the field; a row that authenticates and does not parse was written by another release */
export function parseVersions(bytes: Bytes): readonly HeldVersion[] {
  const reader = new ByteReader(bytes);
  const versions = Array.from({ length: reader.u8('count') }, () => parseVersion(reader));
  reader.end('versions');
  return versions;
}

function parseVersion(reader: ByteReader): HeldVersion {
  const recordHash = reader.raw('recordHash', 32);
  const ver = reader.u32('ver');
  const stagedAtMs = reader.u64('stagedAtMs');
  const activated = reader.u8('activated') === 1;
  const index = reader.u32('index');
  const slot = reader.u32('slot');
  const peerSlot = reader.u32('peerSlot');
  const awaited = [...reader.lv('awaited')];
  return {
    recordHash,
    ver,
    stagedAtMs,
    activated,
    index,
    slot,
    peerSlot: peerSlot === NO_SLOT ? null : peerSlot,
    awaited,
    share: reader.lv('share'),
  };
}

export function slotsOf(version: HeldVersion): readonly number[] {
  return version.peerSlot === null ? [version.slot] : [version.slot, version.peerSlot];
}

export function isVersion(recordHash: Bytes): (version: HeldVersion) => boolean {
  return (version) => equal(version.recordHash, recordHash);
}
