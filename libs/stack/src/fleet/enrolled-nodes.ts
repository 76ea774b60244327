import type { ServiceProcess } from '../process/service-process.js';
import { until } from '../process/until.js';

const ACCEPTED = /"event":"enrolment\.accepted"[^\n]*"digest":"([0-9a-f]{64})"/;

/**
 * The enrolment digests of the nodes in the order of the processes, so that node i of the fleet is process i of the
 * stack. Each node logs its own when the registry has taken it.
 * @throws Error naming the node that did not enrol in time
 */
export function enrolmentDigests(nodes: readonly ServiceProcess[], timeoutMs: number): Promise<readonly string[]> {
  return Promise.all(
    nodes.map((node) => until(() => ACCEPTED.exec(node.logged())?.[1], { what: `${node.name} to enrol`, timeoutMs, everyMs: 50 })),
  );
}
