import { VaultError } from '@strongroom/protocol';

/** What a person can do next about an error, or undefined. */
export function adviceFor(error: unknown): string | undefined {
  if (!(error instanceof VaultError)) return undefined;
  switch (error.code) {
    case 'FLEET_UNAVAILABLE':
      return isUnreachable(error)
        ? 'Is the vault running? Start one on this machine with `npm start`, or name another with --gateway URL.'
        : 'Nothing was lost. Try again when more nodes are up; `strongroom status` shows who answers.';
    case 'CODE_WRONG':
      return attemptsAdvice(error);
    case 'CODE_WEAK':
      return 'Take at least six digits that are no pattern, or a few random words. --allow-weak-code takes this one.';
    case 'RECORD_LOCKED':
      return 'The shares are erased for good. The data can only come from another copy of the backup key.';
    case 'RECORD_UNKNOWN':
      return 'Protect a key first with `strongroom protect`, or check --account and --gateway.';
    case 'BUNDLE_INVALID':
      return "Do not go on. The gateway offers a fleet that operator and auditor have not both signed, or the trust root is another installation's.";
    case 'BUNDLE_STALE':
      return "The fleet's bundle has expired: its operator has to publish a new one.";
    case 'TOKEN_INVALID':
      return "Set STRONGROOM_TOKEN to a fresh token of your issuer that is bound to this device's key; see `strongroom help`.";
    case 'RATE_LIMITED':
      return retryAdvice(error);
    default:
      return undefined;
  }
}

function isUnreachable({ message }: VaultError): boolean {
  return message.includes('cannot reach');
}

function attemptsAdvice({ metadata }: VaultError): string {
  return metadata['attemptsLeft'] === 0
    ? 'That was the last attempt: the shares will be erased.'
    : 'After the last attempt the shares are erased for good.';
}

function retryAdvice({ metadata }: VaultError): string | undefined {
  const at = metadata['retryAtMs'];
  return typeof at === 'number' ? `Come back after ${new Date(at).toISOString()}.` : undefined;
}
