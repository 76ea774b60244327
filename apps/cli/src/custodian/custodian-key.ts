import { createCipheriv, createDecipheriv, randomFillSync, scryptSync } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { nodeSigner } from '@strongroom/platform';
import { invalid, VaultError, type Bytes, type Signer } from '@strongroom/protocol';
import { formatVkey, fromBase64, makeVkey, parseVkey, toBase64, type Vkey } from '@strongroom/transparency';
import { z } from 'zod';

/** RFC 7914 with 128 MiB: a custodian opens the key a few times a year. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const MAX_FILE_BYTES = 4_096;

const base64 = (bytes: number) => z.string().length(Math.ceil(bytes / 3) * 4);
const keyFile = z.strictObject({
  format: z.literal('strongroom/custodian-key/v1'),
  /** The public key, as the trust root names it. */
  vkey: z.string().max(400),
  seed: z.union([
    z.strictObject({ plain: base64(32) }),
    z.strictObject({
      scrypt: z.strictObject({ N: z.literal(COST.N), r: z.literal(COST.r), p: z.literal(COST.p), salt: base64(16) }),
      nonce: base64(12),
      sealed: base64(48),
    }),
  ]),
});

export type CustodianKey = { readonly vkey: Vkey; readonly signer: Signer };

/**
 * Makes a custodian's Ed25519 key in a file of its own, 0600, sealed with AES-256-GCM under scrypt of the passphrase, or
 * plain without one. Seed and derived key are wiped; the passphrase is a string, which cannot be.
 * @throws CONFLICT when the file exists: a key is never replaced
 */
export async function createCustodianKey(path: string, name: string, passphrase: string | undefined): Promise<Vkey> {
  const seed = randomFillSync(new Uint8Array(32));
  try {
    const vkey = makeVkey(name, nodeSigner(seed).publicKey);
    const document: z.infer<typeof keyFile> = {
      format: 'strongroom/custodian-key/v1',
      vkey: formatVkey(vkey),
      seed: passphrase === undefined ? { plain: toBase64(seed) } : sealed(seed, passphrase, name),
    };
    await writeNew(path, `${JSON.stringify(document, null, 2)}\n`);
    return vkey;
  } finally {
    seed.fill(0);
  }
}

/** @param passphrase asked only when the key is sealed. @throws REQUEST_INVALID naming what is wrong with the file */
export async function openCustodianKey(path: string, passphrase: () => Promise<string>): Promise<CustodianKey> {
  const document = keyFile.safeParse(parseJson(await readOwn(path), path));
  if (!document.success) throw invalid('key', `${path} is no custodian key`);
  const { seed: kept, vkey: text } = document.data;
  const vkey = parseVkey(text);
  const seed = 'plain' in kept ? fromBase64(kept.plain, 'seed') : opened(kept, await passphrase(), vkey.name);
  try {
    const signer = nodeSigner(seed);
    if (formatVkey(makeVkey(vkey.name, signer.publicKey)) !== text) throw invalid('key', `${path} names another key than it holds`);
    return { vkey, signer };
  } finally {
    seed.fill(0);
  }
}

type Sealed = Extract<z.infer<typeof keyFile>['seed'], { scrypt: object }>;

function sealed(seed: Bytes, passphrase: string, name: string): Sealed {
  const salt = randomFillSync(new Uint8Array(16));
  const nonce = randomFillSync(new Uint8Array(12));
  const key = derived(passphrase, salt);
  try {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
    const box = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
    return { scrypt: { ...COST, salt: toBase64(salt) }, nonce: toBase64(nonce), sealed: toBase64(new Uint8Array(box)) };
  } finally {
    key.fill(0);
  }
}

function opened({ scrypt, nonce, sealed: box }: Sealed, passphrase: string, name: string): Bytes {
  const bytes = fromBase64(box, 'sealed');
  const key = derived(passphrase, fromBase64(scrypt.salt, 'salt'));
  let seed: Bytes | undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, fromBase64(nonce, 'nonce'))
      .setAAD(Buffer.from(name))
      .setAuthTag(bytes.subarray(32));
    seed = Uint8Array.from(decipher.update(bytes.subarray(0, 32)));
    decipher.final();
    return seed;
  } catch (cause) {
    seed?.fill(0);
    throw new VaultError('REQUEST_INVALID', 'the passphrase does not open the key', { field: 'passphrase' }, { cause });
  } finally {
    key.fill(0);
  }
}

function derived(passphrase: string, salt: Bytes): Buffer {
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, { ...COST, maxmem: 256 * 1024 * 1024 });
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new VaultError('CONFLICT', `cannot make ${path}: a key file is never replaced`, { field: 'out' }, { cause });
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readOwn(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw new VaultError('REQUEST_INVALID', `cannot open the key ${path}`, { field: 'key' }, { cause });
  });
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) throw invalid('key', `${path} can be read by others than its owner: chmod 600 it, or make a new key`);
    if (size > MAX_FILE_BYTES) throw invalid('key', `${path} is too long for a key`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VaultError('REQUEST_INVALID', `${path} is not JSON`, { field: 'key' }, { cause });
  }
}
