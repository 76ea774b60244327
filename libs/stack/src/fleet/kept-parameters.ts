import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetParametersSchema } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { describeParameters, PROFILES, requireParameters, sameParameters, type FleetParameters, type Profile } from './profile.js';

/**
 * What the fleet of this data folder has, or will have: as asked, else as at its first start, else standard. Judged before a
 * process is started, since how many are follows from it.
 * @throws REQUEST_INVALID for parameters that break a rule, CONFLICT when the folder's fleet has others
 */
export function parametersFor(dataDir: string, asked: Profile | FleetParameters | undefined): FleetParameters {
  const kept = readParameters(dataDir);
  const wanted = typeof asked === 'string' ? PROFILES[asked] : asked;
  const parameters = wanted ?? kept ?? PROFILES.standard;
  requireParameters(parameters);
  if (kept === undefined || sameParameters(kept, parameters)) return parameters;
  const [has, wants] = [kept, parameters].map(describeParameters);
  throw new VaultError('CONFLICT', `the fleet in ${dataDir} has ${has}, not ${wants}: take another data folder`, { field: 'profile' });
}

/** Once the fleet serves; before, another choice is still open. */
export function keepParameters(dataDir: string, parameters: FleetParameters): void {
  writeFileSync(fileOf(dataDir), `${JSON.stringify(parameters, null, 2)}\n`, { mode: 0o600 });
}

function readParameters(dataDir: string): FleetParameters | undefined {
  const file = fileOf(dataDir);
  return existsSync(file) ? fleetParametersSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'parameters.json');
}
