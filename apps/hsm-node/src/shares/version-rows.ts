import { ByteReader, ByteWriter, concat, type Bytes } from '@strongroom/protocol';
import type { NodeStore, StoreWrite } from '../storage/node-store.js';
import { encodeVersions, isVersion, parseVersions, type HeldVersion } from './held-version.js';

const VERSIONS = 'share-versions';
const RECORDS = 'share-records';
const PEERS = 'share-peers';
const PAGE = 256;

export interface AccountVersions {
  readonly uid: Bytes;
  readonly versions: readonly HeldVersion[];
}

/** The rows of an account's versions: one list, and per version its record and the sealed shares kept for peers. */
export class VersionRows {
  constructor(private readonly store: NodeStore) {}

  versions(uid: Bytes): readonly HeldVersion[] {
    const row = this.store.get(VERSIONS, uid);
    return row === null ? [] : parseVersions(row);
  }

  find(uid: Bytes, recordHash: Bytes): HeldVersion | null {
    return this.versions(uid).find(isVersion(recordHash)) ?? null;
  }

  /** Ciphertext under the version's slot. */
  record(uid: Bytes, recordHash: Bytes): Bytes | null {
    return this.store.get(RECORDS, concat(uid, recordHash));
  }

  /** Ciphertext under the version's peer slot. */
  peers(uid: Bytes, recordHash: Bytes): Bytes | null {
    return this.store.get(PEERS, concat(uid, recordHash));
  }

  *all(): Iterable<AccountVersions> {
    let after: Bytes | undefined;
    do {
      const rows = this.store.scan(VERSIONS, after === undefined ? { limit: PAGE } : { after, limit: PAGE });
      for (const { key, value } of rows) yield { uid: key, versions: parseVersions(value) };
      after = rows.length < PAGE ? undefined : rows.at(-1)?.key;
    } while (after !== undefined);
  }

  write(uid: Bytes, versions: readonly HeldVersion[]): StoreWrite {
    return { table: VERSIONS, key: uid, value: versions.length === 0 ? null : encodeVersions(versions) };
  }

  writeRecord(uid: Bytes, recordHash: Bytes, value: Bytes | null): StoreWrite {
    return { table: RECORDS, key: concat(uid, recordHash), value };
  }

  writePeers(uid: Bytes, recordHash: Bytes, value: Bytes | null): StoreWrite {
    return { table: PEERS, key: concat(uid, recordHash), value };
  }
}

/** The sealed shares of all nodes in the order of the roster, empty where none is kept. */
export function encodeSealed(sealed: readonly Bytes[]): Bytes {
  const writer = new ByteWriter().u8(sealed.length);
  for (const bytes of sealed) writer.lv(bytes);
  return writer.bytes();
}

export function parseSealed(bytes: Bytes): readonly Bytes[] {
  const reader = new ByteReader(bytes);
  const sealed = Array.from({ length: reader.u8('count') }, () => reader.lv('sealed'));
  reader.end('sealed');
  return sealed;
}
