import type { Fault, FaultKind, Round } from './fault.js';
import { SeededRandom } from './seeded-random.js';

export interface Plan {
  /** Nodes that live on small disks, which alone can be filled. */
  readonly smallDisks: readonly number[];
  /** So many rounds, from the first on, hold each kind of fault once. */
  readonly firstPass: number;
  rounds(): Iterable<Round>;
}

type NodeFault = Extract<Fault, { readonly node: number }>['kind'];

const WEIGHTS: readonly (readonly [FaultKind, number])[] = [
  ['kill', 6],
  ['pause', 4],
  ['cut', 4],
  ['stall', 3],
  ['delay', 3],
  ['diskFull', 2],
  ['rollback', 3],
  ['busRestart', 1],
  ['gatewayKill', 1],
];
/** How many nodes are struck at once. With three no quorum is left: service stops then, safety must not. */
const STRUCK: readonly (readonly [number, number])[] = [
  [1, 4],
  [2, 5],
  [3, 1],
];
const SMALL_DISKS = 2;

/** What the adversary does, from the seed alone. When it happens to which message no seed decides: processes are real. */
export function planChaos(seed: number, nodeCount: number): Plan {
  const nodes = Array.from({ length: nodeCount }, (_, i) => i + 1);
  const smallDisks = new SeededRandom(seed).shuffled(nodes).slice(0, SMALL_DISKS);
  const passing: readonly (readonly FaultKind[])[] = [
    ['kill', 'pause'],
    ['cut', 'diskFull'],
    ['stall', 'delay'],
    ['rollback'],
    ['busRestart'],
    ['gatewayKill'],
  ];
  return {
    smallDisks,
    firstPass: passing.length,
    *rounds() {
      const random = new SeededRandom(seed).fork();
      const draft = new Draft(random, nodes, smallDisks);
      for (const kinds of random.shuffled(passing)) yield draft.round(kinds);
      for (;;) yield draft.round(draft.kinds());
    },
  };
}

class Draft {
  constructor(
    private readonly random: SeededRandom,
    private readonly nodes: readonly number[],
    private readonly smallDisks: readonly number[],
  ) {}

  /** Bus and gateway are struck alone; beside a node that is rolled back at most one other is struck, by no rollback (I1 allows b = 0). */
  kinds(): readonly FaultKind[] {
    const first = this.random.weighted(WEIGHTS);
    if (first === 'busRestart' || first === 'gatewayKill') return [first];
    const count = this.random.weighted(STRUCK);
    const others = WEIGHTS.filter(([kind]) => kind !== 'rollback' && kind !== 'busRestart' && kind !== 'gatewayKill');
    const more = first === 'rollback' ? Math.min(1, count - 1) : count - 1;
    return [first, ...Array.from({ length: more }, () => this.random.weighted(others))];
  }

  round(kinds: readonly FaultKind[]): Round {
    // Those with fewer nodes to choose from choose first.
    const ordered = [...kinds].sort((a, b) => Number(b === 'diskFull') - Number(a === 'diskFull'));
    const free = new Set(this.nodes);
    return ordered.flatMap((kind): Round => {
      const timed = { afterMs: this.random.whole(0, 400), holdMs: this.random.whole(700, 2_500) };
      if (kind === 'busRestart' || kind === 'gatewayKill') return [{ kind, ...timed, holdMs: this.random.whole(0, 800) }];
      const possible = (kind === 'diskFull' ? this.smallDisks : this.nodes).filter((node) => free.has(node));
      if (possible.length === 0) return [];
      const node = this.random.pick(possible);
      free.delete(node);
      return [this.atNode(kind, { ...timed, node })];
    });
  }

  private atNode(kind: NodeFault, where: { readonly afterMs: number; readonly holdMs: number; readonly node: number }): Fault {
    if (kind === 'stall') return { kind, ...where, direction: this.random.pick(['outward', 'inward', 'both'] as const) };
    if (kind === 'delay') return { kind, ...where, leastMs: this.random.whole(1, 40), mostMs: this.random.whole(50, 250) };
    if (kind === 'rollback') return { kind, ...where, clean: this.random.fraction() < 0.5 };
    return { kind, ...where };
  }
}
