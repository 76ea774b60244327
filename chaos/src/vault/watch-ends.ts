import type { ServiceExit } from '@strongroom/stack';
import type { ChaosVault } from './chaos-vault.js';

export interface EndWatch {
  /** Services that ended though nobody asked them to and nothing excuses it. */
  readonly unexpected: string[];
}

/** A node may end by itself when its disk refuses; nobody else may, and no node otherwise. */
export function watchEnds(vault: ChaosVault): EndWatch {
  const unexpected: string[] = [];
  const { nodes, gateway, registry, publisher, auditor, nats, postgres } = vault.stack.services;
  const told = ({ name, expected }: ServiceExit): void => {
    if (!expected && !vault.excused.has(name)) unexpected.push(name);
  };
  for (const service of [...nodes, gateway, registry, publisher, auditor]) service.onExit(told);
  for (const { process } of [nats, postgres]) process?.onExit(told);
  return { unexpected };
}
