import type { z } from 'zod';
import * as auditor from '../bundle-auditor/index.js';
import * as publisher from '../bundle-publisher/index.js';
import * as registry from '../fleet-registry/index.js';
import * as node from '../hsm-node/index.js';

/** What the tables need of a contract, whatever its kind. */
export interface ListedContract {
  readonly kind: 'rpc' | 'broadcast' | 'event';
  readonly owner: string;
  readonly subject: string;
  readonly addressed: boolean;
  readonly summary: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly request?: z.ZodType;
  readonly response?: z.ZodType;
  readonly message?: z.ZodType;
  readonly data?: z.ZodType;
}

/** Every contract that an owner's folder exports, sorted by subject. */
export function allContracts(): readonly ListedContract[] {
  const exported: unknown[] = [auditor, publisher, registry, node].flatMap((module) => Object.values<unknown>(module));
  return exported.filter(isContract).sort((a, b) => a.subject.localeCompare(b.subject));
}

function isContract(value: unknown): value is ListedContract {
  return typeof value === 'object' && value !== null && 'kind' in value && 'subject' in value && 'owner' in value;
}
