import { startStack, type FleetParameters, type Stack, type StackOptions } from '@strongroom/stack';
import type { CommandContext } from '../commands/command-context.js';

const ERASE_DEADLINE_MS = 2_000;

/** What is changed for the demo, told before it starts; everything else is as it runs in earnest. */
const DEMO_ENV: NonNullable<StackOptions['env']> = {
  'hsm-node': { ATTEMPT_DELAYS: 'off', ERASE_DEADLINE_MS: String(ERASE_DEADLINE_MS) },
  'session-gateway': { RATE_LIMIT_ACCOUNT_PER_MINUTE: '600', RATE_LIMIT_ADDRESS_PER_MINUTE: '3000' },
};
export const DEMO_NOTICE = `For the demo the growing delay after wrong codes is off, shares are erased ${ERASE_DEADLINE_MS / 1000} s after the last attempt instead of 10 min,
and the gateway's rate limits are raised. All roles run on this machine under one party, which proves nothing to others.`;

export interface StartedVault {
  readonly stack: Stack;
  readonly startMs: number;
}

export interface StartPlan {
  readonly dataDir: string;
  readonly gatewayPort: number | undefined;
  readonly demo: boolean;
  readonly parameters: FleetParameters | undefined;
}

/** Starts a vault on this machine and tells each part as it comes up. */
export async function startVault(context: CommandContext, { dataDir, gatewayPort, demo, parameters }: StartPlan): Promise<StartedVault> {
  const { terminal, signal, hostEnv, nowMs } = context;
  const startedAt = nowMs();
  const stack = await startStack({
    dataDir,
    hostEnv,
    signal,
    revive: true,
    ...(gatewayPort !== undefined && { gatewayPort }),
    ...(parameters && { profile: parameters }),
    ...(demo && { env: DEMO_ENV }),
    progress: (line) => terminal.line(line),
  });
  const { n, t, q } = stack.fleet.parameters;
  const startMs = Math.round(nowMs() - startedAt);
  terminal.line(`the vault serves: ${n} HSM nodes as processes of their own, ${t} shares and ${q} votes needed (${startMs} ms)`);
  return { stack, startMs };
}
