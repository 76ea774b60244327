import { join } from 'node:path';
import { projectRoot, readAddresses, type StackAddresses } from '@strongroom/stack';

/** Where `strongroom up` keeps its vault, and where `up --demo` keeps the one with shortened deadlines. */
export const vaultDir = (): string => join(projectRoot(), '.strongroom', 'vault');
export const demoDir = (): string => join(projectRoot(), '.strongroom', 'demo');

/** The vault that runs on this machine from this project, if one does. */
export function findRunningStack(): StackAddresses | undefined {
  return readAddresses(vaultDir()) ?? readAddresses(demoDir());
}
