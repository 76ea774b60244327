import { isNamespace } from '../bundle/parse-bundle.js';
import { toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { refusePolicy } from '../policy/policy.js';
import type { CosignerVkey, Vkey } from '../vkey/vkey.js';
import { refuseCustodians } from './custodians.js';
import type { RotationKeys, TrustRoot } from './trust-root.js';

/** The rules that hold inside one trust root, whoever wrote it. @throws FormatError */
export function refuseTrustRoot(root: TrustRoot): void {
  const { version, namespace, log, rotation, windows, custodians } = root;
  if (!Number.isSafeInteger(version) || version < 1) throw new FormatError('version', 'starts at 1');
  if (!isNamespace(namespace)) throw new FormatError('namespace', 'is malformed');
  if (windows.registerMaxAgeDays < 1 || windows.recoverMaxAgeDays < windows.registerMaxAgeDays) {
    throw new FormatError('windows', 'recovery may not be stricter than registration, which has at least a day');
  }
  if (log) {
    if (log.witnesses.logs.length > 0) throw new FormatError('witnesses', 'lists logs');
    refusePolicy(log.witnesses);
    // A checkpoint and a bundle are told apart by their first line.
    const bundleLine = `${namespace}/fleet-keys/v1`;
    for (const vkey of [log.vkey, log.evidence]) {
      if (vkey?.name === bundleLine) throw new FormatError('log', 'has the first line of a bundle as its origin');
    }
  }
  if (rotation) refuseRotation(rotation);
  if (custodians) refuseCustodians(custodians);
  refuseSharedKeys(root);
}

function refuseRotation({ threshold, keys }: RotationKeys): void {
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length || keys.length > 16) {
    throw new FormatError('rotation', 'has a threshold that its keys cannot meet, or more than 16 keys');
  }
}

/**
 * One key in two roles would let its holder announce a fleet alone, or pass a signature of one kind off as another.
 * Names of the roles differ too, so that a line says which one signed.
 */
function refuseSharedKeys({ operator, auditor, log, rotation, custodians }: TrustRoot): void {
  const roles: readonly (readonly [string, Vkey | CosignerVkey | undefined])[] = [
    ['operator', operator],
    ['auditor', auditor],
    ['log', log?.vkey],
    ['evidenceLog', log?.evidence],
    ...(log?.witnesses.witnesses ?? []).map(({ vkey }) => ['witnesses', vkey] as const),
    ...(rotation?.keys ?? []).map((vkey) => ['rotation', vkey] as const),
    ...(custodians?.keys ?? []).map((vkey) => ['custodians', vkey] as const),
  ];
  const [keys, names] = [new Set<string>(), new Set<string>()];
  for (const [role, vkey] of roles) {
    if (!vkey) continue;
    if (keys.has(toHex(vkey.publicKey)) || names.has(vkey.name)) throw new FormatError(role, 'has the key or the name of another role');
    keys.add(toHex(vkey.publicKey));
    names.add(vkey.name);
  }
}
