import { generateKeyPairSync, createPrivateKey, sign } from 'node:crypto';
import { Disk } from '../disk/disk.js';
import { FolderDisk } from '../disk/folder-disk.js';
import { leafHash, makeVkey, type Ed25519Signer } from '@strongroom/transparency';
import { LogWriter } from './log-writer.js';

/**
 * Run as a process: `node killed-writer.fixture.js FOLDER KEY FLUSH`. Appends what is left of two entries to the log in
 * FOLDER and kills itself before flush number FLUSH. Prints each tree that it may tell of.
 */
class KillingDisk extends Disk {
  private flushes = 0;

  constructor(
    private readonly disk: Disk,
    private readonly killAt: number,
  ) {
    super();
  }

  override read = (path: string): Promise<Uint8Array | undefined> => this.disk.read(path);
  override list = (path: string): Promise<readonly string[]> => this.disk.list(path);
  override write = (path: string, bytes: Uint8Array): Promise<void> => this.disk.write(path, bytes);
  override sync = (path: string): Promise<void> => this.step(() => this.disk.sync(path));
  override rename = (from: string, to: string): Promise<void> => this.disk.rename(from, to);
  override makeFolder = (path: string): Promise<void> => this.disk.makeFolder(path);
  override syncFolder = (path: string): Promise<void> => this.step(() => this.disk.syncFolder(path));
  override removeFolder = (path: string): Promise<void> => this.disk.removeFolder(path);

  private step(work: () => Promise<void>): Promise<void> {
    if (this.flushes === this.killAt) process.kill(process.pid, 'SIGKILL');
    this.flushes += 1;
    return work();
  }
}

function signerOf(pkcs8: string): Ed25519Signer {
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  const { x = '' } = key.export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from(String(x), 'base64url')), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

/** A new key for such a process. */
export function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

export async function runWriter(folder: string, key: string, killAt: number): Promise<number> {
  const signer = signerOf(key);
  const disk = new KillingDisk(await FolderDisk.open(folder), killAt);
  const writer = await LogWriter.open(disk, makeVkey('log.example/fleet-keys', signer.publicKey), signer);
  for (const batch of [['a', 'b']]) {
    const fresh = batch.map((name) => Buffer.from(name)).filter((entry) => writer.indexOf(leafHash(entry)) === undefined);
    if (fresh.length > 0) await writer.append(fresh);
    process.stdout.write(`${writer.current.note.split('\n', 3).join(' ')}\n`);
  }
  return writer.current.checkpoint.size;
}

const [, script, folder, key, killAt] = process.argv;
if (script?.endsWith('killed-writer.fixture.js') === true && folder !== undefined && key !== undefined) {
  await runWriter(folder, key, Number(killAt));
}
