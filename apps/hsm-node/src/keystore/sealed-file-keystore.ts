import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';
import { PRIVATE_FOLDER, readIfThere, writeDurably } from '../storage/durable-file.js';
import { encodeKeyMaterial, newKeyMaterial, parseKeyMaterial, wipeKeyMaterial, type KeyMaterial } from './key-material.js';
import { openKeystoreFile, sealKeystoreFile, type FileSecret } from './keystore-file.js';
import { SoftwareKeystore } from './software-keystore.js';

export interface SealedFileOptions {
  /** Made with mode 0700 when it is not there. */
  readonly folder: string;
  /** Content of KEYSTORE_PASSPHRASE_FILE; `null` for a key file beside the keystore. Wiped when the keystore is open. */
  readonly passphrase: Bytes | null;
  /** False when the node has data already: new keys would make all of it unreadable and the node a stranger. */
  readonly mayCreate: boolean;
  readonly random: RandomSource;
}

/**
 * Keys in `keystore.sealed` (0600, replaced only as a whole), opened once at boot.
 *
 * With a passphrase that is kept elsewhere, a stolen disk or backup gives no key. By default the key that opens it lies
 * beside it in `keystore.key`: that protects against reading one file by mistake, and deleting the key file destroys the
 * keystore, but whoever copies the whole folder has the node's keys. In neither case does it protect against root on the
 * running machine: the keys are in the memory of this process. That is what `environment software` in the bundle says.
 */
export class SealedFileKeystore extends SoftwareKeystore {
  /** Opens the keystore or makes it at first boot. @throws INTERNAL, naming the file, when it cannot be opened */
  static open({ folder, passphrase, mayCreate, random }: SealedFileOptions): SealedFileKeystore {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    chmodSync(folder, PRIVATE_FOLDER);
    const path = join(folder, 'keystore.sealed');
    const file = readIfThere(path);
    if (file === null && !mayCreate) throw unusable('keystore.sealed', 'is gone, but the data it sealed is there');
    const secret = fileSecret(folder, passphrase, file === null, random);
    const material = file === null ? create(path, secret, random) : load(file, secret);
    try {
      return new SealedFileKeystore(material, random, 'sealed-file');
    } finally {
      wipeKeyMaterial(material);
      (secret.kind === 'key' ? secret.key : secret.passphrase).fill(0);
    }
  }
}

/** The key file is durable before the keystore that it opens, so a crash between them leaves a boot that starts over. */
function fileSecret(folder: string, passphrase: Bytes | null, first: boolean, random: RandomSource): FileSecret {
  if (passphrase !== null) {
    if (passphrase.length === 0) throw unusable('KEYSTORE_PASSPHRASE_FILE', 'is empty');
    return { kind: 'passphrase', passphrase };
  }
  const path = join(folder, 'keystore.key');
  const stored = readIfThere(path);
  if (stored !== null) {
    if (stored.length !== 32) throw unusable('keystore.key', 'is not 32 bytes');
    return { kind: 'key', key: stored };
  }
  if (!first) throw unusable('keystore.key', 'is gone; if a passphrase seals the keystore, name its file');
  const key = random.bytes(32);
  writeDurably(path, key);
  return { kind: 'key', key };
}

function create(path: string, secret: FileSecret, random: RandomSource): KeyMaterial {
  const material = newKeyMaterial(random);
  const plaintext = encodeKeyMaterial(material);
  writeDurably(path, sealKeystoreFile(plaintext, secret, random));
  plaintext.fill(0);
  return material;
}

function load(file: Bytes, secret: FileSecret): KeyMaterial {
  const plaintext = openKeystoreFile(file, secret);
  try {
    return parseKeyMaterial(plaintext);
  } finally {
    plaintext.fill(0);
  }
}

function unusable(file: string, reason: string): VaultError {
  return new VaultError('INTERNAL', `${file} ${reason}`, { file });
}
