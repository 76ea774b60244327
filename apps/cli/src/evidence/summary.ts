import { identityHex, type DeploymentStatement } from '@strongroom/transparency';

/** What a custodian has to compare before signing: the environment first, then every machine by what it prints at its start. */
export function summaryLines({ predicate }: DeploymentStatement): readonly string[] {
  const { environment, fleets, stage, namespace, predecessor, transcript, fleet } = predicate;
  const exceptions = transcript.filter(({ exception }) => exception !== '');
  return [
    `environment ${environment}`,
    `${stage} of fleet ${fleet} in ${namespace}, after ${predecessor === 'none' ? 'none' : predecessor}`,
    ...fleets.flatMap(({ fleetId, epoch, n, t, q, attempts, ksf, members }) => [
      `fleet ${fleetId} epoch ${epoch}: ${n} nodes, ${t} shares and ${q} votes needed, ${attempts} attempts, ${ksf}`,
      ...members.map(
        ({ index, identityKey, keystore, software }) => `  node ${index} ${identityHex(identityKey)} ${keystore}, software ${software}`,
      ),
    ]),
    ...exceptions.map(({ step, exception }) => `exception at ${step}: ${exception}`),
  ];
}
