import { attemptVoted, nodeHeartbeat, nodeMisbehaved, nodeRollbackDetected } from '@strongroom/contracts';
import { Bus, SILENT_LOG } from '@strongroom/platform';

/** Listens to the fleet on a connection that no fault touches. */
export class Observer {
  /** Who is called a liar or a clone by another: in a fleet of honest nodes nobody is. */
  readonly misbehaved: number[] = [];
  private readonly votes = new Map<number, number>();
  private readonly rollbacks = new Map<number, number>();
  private readonly readyAt = new Map<number, number>();

  private constructor(private readonly bus: Bus) {}

  static async connect(natsUrl: string, fleetId: string, now: () => number): Promise<Observer> {
    const bus = await Bus.connect({ url: natsUrl, name: 'chaos-observer', log: SILENT_LOG });
    const observer = new Observer(bus);
    await bus.onBroadcast(nodeHeartbeat, fleetId, ({ node, ready }) => {
      if (ready) observer.readyAt.set(node, now());
    });
    await bus.onEvent(attemptVoted, ({ node }) => count(observer.votes, node));
    await bus.onEvent(nodeRollbackDetected, ({ node }) => count(observer.rollbacks, node));
    await bus.onEvent(nodeMisbehaved, ({ culprit }) => void observer.misbehaved.push(culprit));
    await bus.flush();
    return observer;
  }

  /** Events `attempt.voted` of a node so far. */
  votesOf(node: number): number {
    return this.votes.get(node) ?? 0;
  }

  /** Events `node.rollback-detected` of a node so far. */
  rollbacksOf(node: number): number {
    return this.rollbacks.get(node) ?? 0;
  }

  /** Whether the node has said since then that it takes part. */
  heardSince(node: number, since: number): boolean {
    return (this.readyAt.get(node) ?? -Infinity) > since;
  }

  stop(): Promise<void> {
    return this.bus.onApplicationShutdown();
  }
}

function count(counts: Map<number, number>, node: number): void {
  counts.set(node, (counts.get(node) ?? 0) + 1);
}
