import { VaultError } from '../errors/protocol-error.js';

/** For specs only, not exported: `CODE field` of the refusal, so that a test asserts codes and not texts. Anything else is thrown on. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return describeRefusal(error);
  }
  return 'accepted';
}

/** As `refusal`, for a promise. */
export async function refusalOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return describeRefusal(error);
  }
  return 'accepted';
}

function describeRefusal(error: unknown): string {
  if (!(error instanceof VaultError)) throw error;
  return `${error.code} ${error.metadata['field'] ?? ''}`.trim();
}
