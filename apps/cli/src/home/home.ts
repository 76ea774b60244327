import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { VaultError, equalSecret, type Bytes } from '@strongroom/protocol';
import { isMissing } from './missing-file.js';

/**
 * What this device keeps: `trust-root.json`, `device/` (owner key, memory of bundles), `binding/` (the key that account
 * tokens are bound to) and `backup-key` (32 bytes). 0700, files 0600.
 */
export class Home {
  readonly deviceDir: string;
  readonly bindingDir: string;
  readonly trustRootFile: string;
  private readonly keyFile: string;

  constructor(readonly directory: string) {
    this.deviceDir = join(directory, 'device');
    this.bindingDir = join(directory, 'binding');
    this.trustRootFile = join(directory, 'trust-root.json');
    this.keyFile = join(directory, 'backup-key');
  }

  /** 32 bytes, secret: the caller wipes them. Undefined when this device has none. */
  async backupKey(): Promise<Bytes | undefined> {
    const text = await readOrUndefined(this.keyFile);
    if (text === undefined) return undefined;
    if (text.length !== 32) throw new VaultError('REQUEST_INVALID', `${this.keyFile} does not hold 32 bytes`, { field: 'home' });
    return new Uint8Array(text);
  }

  /** @throws CONFLICT when this device holds another key and `replace` is false */
  async keepBackupKey(key: Bytes, replace: boolean): Promise<void> {
    const kept = await this.backupKey();
    const same = kept !== undefined && equalSecret(kept, key);
    kept?.fill(0);
    if (same) return;
    if (kept !== undefined && !replace) {
      throw new VaultError('CONFLICT', `${this.keyFile} holds another backup key; use --replace, or --home for another device`);
    }
    await this.write(this.keyFile, key);
  }

  /** The text of the first trust root that is there. @throws REQUEST_INVALID when there is none */
  async trustRoot(candidates: readonly string[]): Promise<string> {
    for (const path of candidates) {
      const text = await readOrUndefined(path);
      if (text !== undefined) return text.toString('utf8');
    }
    const message = `there is no trust root at ${candidates[0] ?? this.trustRootFile}: put the operator's trust-root.json there, or start a vault with \`npm start\``;
    throw new VaultError('REQUEST_INVALID', message, { field: 'trustRoot' });
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const draft = `${path}.draft`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  }
}

async function readOrUndefined(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
