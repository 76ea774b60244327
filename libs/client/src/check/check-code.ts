import type { Bytes } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { askRecovering } from '../status/ask-nodes.js';
import { statusOf } from '../status/vault-status.js';
import { KeptCode } from './kept-code.js';

/**
 * `right` or `wrong`; `outdated`: what this device knows is not in force any more, because it was replaced, deleted or locked
 * (`status` tells which), whatever the code; `unknown`: this device keeps nothing to compare with for that backup key.
 */
export type CodeCheck = 'right' | 'wrong' | 'outdated' | 'unknown';

/** Compares on the device; the nodes are asked what is in force, and never hear of the code. Costs no attempt. */
export async function checkCode(context: CallContext, code: string, backupKey: Bytes): Promise<CodeCheck> {
  const kept = new KeptCode(context);
  const compared = await kept.compare(code, backupKey);
  if (compared === undefined) return 'unknown';
  const { fleetId, activeVersion, status } = statusOf(await askRecovering(context));
  const isInForce = fleetId === compared.fleetId && activeVersion === compared.version && status !== 'locked';
  if (!isInForce) return 'outdated';
  await kept.answered(compared.isRight);
  return compared.isRight ? 'right' : 'wrong';
}
