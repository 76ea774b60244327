import type { Bytes } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { askRecovering } from '../status/ask-nodes.js';
import { statusOf } from '../status/vault-status.js';
import { KeptCode } from './kept-code.js';

/**
 * `right` or `wrong`; `replaced`: another version is in force, or none, whether or not the code was right for the one that
 * this device knows; `unknown`: this device keeps nothing to compare with for that backup key.
 */
export type CodeCheck = 'right' | 'wrong' | 'replaced' | 'unknown';

/** Compares on the device; the nodes are asked what is in force, and never hear of the code. Costs no attempt. */
export async function checkCode(context: CallContext, code: string, backupKey: Bytes): Promise<CodeCheck> {
  const compared = await new KeptCode(context).compare(code, backupKey);
  if (compared === undefined) return 'unknown';
  const { fleetId, activeVersion } = statusOf(await askRecovering(context));
  if (fleetId !== compared.fleetId || activeVersion !== compared.version) return 'replaced';
  return compared.isRight ? 'right' : 'wrong';
}
