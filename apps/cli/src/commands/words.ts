import type { Step, VaultStatus } from '@strongroom/client';

const STEPS: Readonly<Record<Step, string>> = {
  bundle: "checking the fleet's bundle",
  status: 'asking the nodes',
  stretching: 'stretching the code',
  registering: 'registering with the fleet',
  attempting: 'asking for an attempt',
  confirming: 'confirming the attempt',
  deleting: 'deleting',
  cancelling: 'cancelling',
};

export function describeStep(step: Step): string {
  return `${STEPS[step]} …`;
}

const STATUSES: Readonly<Record<VaultStatus['status'], string>> = {
  none: 'nothing is protected',
  active: 'a key is protected',
  pending: 'a change is pending',
  locked: 'locked: no attempts are left',
  deleted: 'deleted',
};

export function describeStatus(status: VaultStatus): readonly string[] {
  const lines = [`Fleet ${status.fleetId}: ${STATUSES[status.status]}.`];
  if (status.activeVersion > 0) lines.push(`Version ${status.activeVersion}, ${status.attemptsLeft} of ${status.attempts} attempts left.`);
  if (status.pendingUntil) lines.push(`The change takes effect at ${status.pendingUntil.toISOString()}, unless the owner cancels it.`);
  if (status.retryAt) lines.push(`The next attempt is possible at ${status.retryAt.toISOString()}.`);
  lines.push(`Signed answers of nodes ${status.answeredBy.join(', ')}${status.agreed ? '' : '; they do not agree yet'}.`);
  return lines;
}
