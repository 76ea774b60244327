import type { HistoryEntry, Step, VaultHistory, VaultStatus } from '@strongroom/client';

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

const KINDS: Readonly<Record<HistoryEntry['kind'], string>> = {
  attempt: 'attempt',
  register: 'registration',
  delete: 'deletion',
  cancel: 'cancellation',
  reshare: 'shares made anew',
};

export function describeHistory(history: VaultHistory): readonly string[] {
  const lines = history.entries.map(describeEntry);
  if (lines.length === 0) lines.push('Nothing was decided about this account in the last 90 days.');
  if (history.underWay) lines.push('A node holds a vote that is not decided as far as it knows: an attempt may be under way.');
  if (!history.complete) lines.push(`INCOMPLETE: not enough nodes agree about number ${history.missing.join(', ')}.`);
  lines.push(
    `Fleet ${history.fleetId}, numbers ${history.oldest} to ${history.newest}; signed answers of nodes ${history.answeredBy.join(', ')}.`,
  );
  return lines;
}

function describeEntry({ number, kind, at, confirmed, byThisDevice, device, byOwner, agreed, shownBy }: HistoryEntry): string {
  const outcome = confirmed === null ? '' : confirmed ? ', confirmed: the right code' : ', not confirmed';
  const who = kind === 'reshare' ? 'by the fleet' : byThisDevice ? 'by this device' : `by another device (${device.slice(0, 8)}…)`;
  const signed = byOwner ? ', signed by the owner' : '';
  const doubt = agreed ? '' : ` (only nodes ${shownBy.join(', ')} show this)`;
  return `${at.toISOString()}  ${number}. ${KINDS[kind]} ${who}${signed}${outcome}${doubt}`;
}
