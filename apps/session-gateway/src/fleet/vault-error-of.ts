import { VaultError } from '@strongroom/protocol';

/** Whatever was thrown, as a coded error; what nobody expected is INTERNAL and keeps its cause for the log. */
export function vaultErrorOf(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  return new VaultError('INTERNAL', 'something went wrong inside', {}, { cause: error });
}
