import { VaultError } from '@strongroom/protocol';
import { FormatError } from '@strongroom/transparency';

/** What a person gave in a format of the log's: a key, a policy, a trust root. @throws REQUEST_INVALID naming the part that is none */
export async function wellFormed<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof FormatError) throw new VaultError('REQUEST_INVALID', cause.message, { field: cause.field }, { cause });
    throw cause;
  }
}
