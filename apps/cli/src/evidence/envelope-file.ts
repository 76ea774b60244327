import { readFile } from 'node:fs/promises';
import { VaultError } from '@strongroom/protocol';
import { FormatError, parseEnvelope, type Envelope } from '@strongroom/transparency';

/** @throws REQUEST_INVALID when there is no such file or no envelope in it */
export async function readEnvelopeFile(path: string): Promise<Envelope> {
  try {
    return parseEnvelope(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof FormatError ? cause.message : 'cannot be read';
    throw new VaultError('REQUEST_INVALID', `${path}: ${reason}`, { field: 'file' }, { cause });
  }
}
