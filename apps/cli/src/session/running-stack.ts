import { join } from 'node:path';
import { PROFILES, projectRoot, readAddresses, sameParameters, type FleetParameters, type StackAddresses } from '@strongroom/stack';
import type { CliConfig } from '../config.js';

/** Where `strongroom up` keeps its vault, and where `up --demo` keeps the one with shortened deadlines. */
export const vaultDir = (): string => join(projectRoot(), '.strongroom', 'vault');
export const demoDir = (parameters: FleetParameters = PROFILES.standard): string =>
  join(projectRoot(), '.strongroom', sameParameters(parameters, PROFILES.standard) ? 'demo' : nameOf(parameters));

/** A folder holds one fleet for life, so each set of parameters has its own. */
function nameOf({ n, t, q, attempts }: FleetParameters): string {
  return `demo-n${n}-t${t}-q${q}-attempts${attempts}`;
}

/** The vault that runs on this machine, if one does: in the folder that the environment names, else in the project's own. */
export function findRunningStack({ STRONGROOM_DATA_DIR: named }: Pick<CliConfig, 'STRONGROOM_DATA_DIR'>): StackAddresses | undefined {
  return named === undefined ? (readAddresses(vaultDir()) ?? readAddresses(demoDir())) : readAddresses(named);
}
