import { randomFillSync, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes, Signer } from '@strongroom/protocol';
import { nodeSigner } from '../signature/node-signature.js';

const NAME = 'signing-key';
const SEED_LENGTH = 32;

/**
 * The Ed25519 key of a signing role: `signing-key` under its DATA_DIR, 32 raw bytes (RFC 8032 seed), readable by the
 * owner alone. It never passes through the environment. An existing key is kept, so asking twice is harmless.
 */
export async function createSigningKey(dataDir: string): Promise<Signer> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = pathOf(dataDir);
  const draft = `${path}.${randomUUID()}`;
  const seed = randomFillSync(new Uint8Array(SEED_LENGTH));
  try {
    await writeDurably(draft, seed);
    // A link replaces nothing and appears whole: no crash leaves half a key, no race makes two.
    await link(draft, path);
    await syncDirectory(dataDir);
  } catch (error) {
    if (!isExisting(error)) throw error;
  } finally {
    seed.fill(0);
    await rm(draft, { force: true });
  }
  return openSigningKey(dataDir);
}

/**
 * The bytes read are overwritten once the key is inside OpenSSL, where it lives as long as the signer.
 * @throws Error naming the file when it is missing, cut, or readable by others than its owner
 */
export async function openSigningKey(dataDir: string): Promise<Signer> {
  const path = pathOf(dataDir);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await refuseFile(file, path);
    const seed = new Uint8Array(SEED_LENGTH);
    try {
      await file.read(seed, 0, SEED_LENGTH, 0);
      return nodeSigner(seed);
    } finally {
      seed.fill(0);
    }
  } finally {
    await file.close();
  }
}

async function refuseFile(file: FileHandle, path: string): Promise<void> {
  const { mode, size } = await file.stat();
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others than its owner: chmod 600 it, or make a new key`);
  if (size !== SEED_LENGTH) throw new Error(`${path} does not hold ${SEED_LENGTH} bytes`);
}

async function writeDurably(path: string, bytes: Bytes): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function pathOf(dataDir: string): string {
  return join(dataDir, NAME);
}

function isExisting(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}
