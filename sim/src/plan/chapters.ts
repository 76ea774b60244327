import { COOL_DOWN_MS, ERASE_DEADLINE_MS, STAGED_MS } from '../run/rules.js';
import type { Action } from './action.js';
import { accountOf, attempt, MINUTE_MS, nodeOf, step, wait, type Chapter } from './chapter.js';
import { EPOCHS } from './epoch-chapters.js';
import { TARGETED } from './targeted.js';

/** People come and go. */
const everyday: Chapter = (context) => {
  const { random } = context;
  const account = accountOf(context);
  return Array.from({ length: random.between(2, 4) }, () => {
    const dice = random.below(100);
    const thenMs = random.below(900);
    if (dice < 60)
      return step(attempt(context, account, random.chance(50), { diesMs: random.chance(15) ? random.below(300) : null }), thenMs);
    if (dice < 75) return step({ kind: 'resend', account, first: nodeOf(context) }, thenMs);
    if (dice < 85) return step({ kind: 'register', account, byOwner: random.chance(60), dies: random.chance(20) }, thenMs + 400);
    return step({ kind: 'confirm', account }, thenMs);
  });
};

/** More attempts than there are, at any node. */
const thief: Chapter = (context) => {
  const account = accountOf(context);
  const tries = Array.from({ length: context.attempts + 2 }, () =>
    step(attempt(context, account, false), context.random.between(100, 700)),
  );
  return [...tries, step({ kind: 'harvest' }, 300)];
};

/** Two devices at once, at two nodes. */
const race: Chapter = (context) => {
  const account = accountOf(context);
  const [first, second] = context.random.shuffled(Array.from({ length: context.n }, (_, i) => i + 1));
  return [
    step(attempt(context, account, context.random.chance(50), { first: first ?? 1 }), context.random.below(8)),
    step(attempt(context, account, context.random.chance(50), { first: second ?? 1 }), 1_200),
  ];
};

/** A node ends, now or at its next write, in the middle of something, and comes back. */
const crash: Chapter = (context) => {
  const { random } = context;
  const node = nodeOf(context);
  const account = accountOf(context);
  const when = random.pick(['now', 'before', 'after', 'before', 'after'] as const);
  return [
    step({ kind: 'crash', node, when }, random.below(20)),
    step(attempt(context, account, random.chance(40), { first: random.chance(40) ? node : null }), random.below(600)),
    step({ kind: 'restart', node }, random.below(1_500)),
    step(attempt(context, account, random.chance(40)), random.below(600)),
  ];
};

/** The story of the vote that only the gateway saw: it is kept back, its node forgets it, and it turns up again. */
const rollback: Chapter = (context) => {
  const { random } = context;
  const node = nodeOf(context);
  const account = accountOf(context);
  const quiet = random.chance(60);
  return [
    step({ kind: 'snapshot', node }, random.below(300)),
    ...(quiet ? [step({ kind: 'withhold' as const, from: node, name: 'batch' }, 0)] : []),
    step(attempt(context, account, false, { first: random.chance(60) ? node : null }), random.between(50, 800)),
    step({ kind: 'rollback', node }, random.between(200, 1_500)),
    step(attempt(context, account, random.chance(50)), random.between(100, 900)),
    step({ kind: 'release' }, random.below(300)),
    step({ kind: 'harvest' }, 300),
  ];
};

/** The network loses, doubles and delays for a while. */
const storm: Chapter = (context) => {
  const { random } = context;
  const account = accountOf(context);
  const weather = {
    lossPercent: random.pick([0, 5, 15, 30]),
    doublePercent: random.pick([0, 5, 20]),
    latePercent: random.pick([0, 10, 30]),
    lateMs: random.pick([20, 200, 3_000]),
  };
  const tries = Array.from({ length: random.between(1, 3) }, () => step(attempt(context, account, random.chance(40)), random.below(1_200)));
  return [step({ kind: 'weather', weather }, 0), ...tries];
};

const calm: Chapter = () => [
  step({ kind: 'weather', weather: { lossPercent: 0, doublePercent: 0, latePercent: 0, lateMs: 0 } }, 0),
  step({ kind: 'heal' }, 600),
  step({ kind: 'release' }, 200),
];

/** Some hear others who do not hear them. */
const partition: Chapter = (context) => {
  const { random, n } = context;
  const account = accountOf(context);
  const everybody = random.shuffled(Array.from({ length: n + 1 }, (_, i) => i));
  const cut = random.between(1, Math.max(1, n - 1));
  const [from, to] = [everybody.slice(0, cut), everybody.slice(cut)];
  return [
    step({ kind: 'cut', from, to }, random.below(400)),
    step(attempt(context, account, random.chance(40)), random.below(1_500)),
    ...(random.chance(50) ? [step(attempt(context, account, false), random.below(1_500))] : []),
    step({ kind: 'heal' }, random.below(800)),
  ];
};

/** A right last attempt whose confirmation one node misses; then the erase deadline comes. */
const lastRight: Chapter = (context) => {
  const { random, n, attempts } = context;
  const account = accountOf(context);
  const node = nodeOf(context);
  const others = Array.from({ length: n + 1 }, (_, i) => i).filter((other) => other !== node);
  const wrong = Array.from({ length: attempts - 1 }, () => step(attempt(context, account, false), 900));
  return [
    step(attempt(context, account, true), 1_500),
    ...wrong,
    step(attempt(context, account, true, { confirm: 'later' }), 1_500),
    step({ kind: 'cut', from: others, to: [node] }, 0),
    step({ kind: 'confirm', account }, 2_000),
    wait(ERASE_DEADLINE_MS + MINUTE_MS, 'the erase deadline is over'),
    step({ kind: 'weather', weather: { lossPercent: 0, doublePercent: 0, latePercent: 0, lateMs: 0 } }, random.between(1_000, 2_500)),
    step({ kind: 'heal' }, 2_500),
  ];
};

/** All attempts are spent, the shares end, and somebody registers anew. */
const lockOut: Chapter = (context) => {
  const account = accountOf(context);
  const wrong = Array.from({ length: context.attempts + 1 }, () => step(attempt(context, account, false), 700));
  return [
    ...wrong,
    wait(ERASE_DEADLINE_MS + MINUTE_MS, 'the erase deadline is over'),
    step({ kind: 'harvest' }, 2_500),
    step({ kind: 'register', account, byOwner: false, dies: false }, 1_500),
  ];
};

/** A stranger's change waits for its cool-down, or is called off, or overtaken. */
const pending: Chapter = (context) => {
  const { random } = context;
  const account = accountOf(context);
  const change: Action = random.chance(70)
    ? { kind: 'register', account, byOwner: false, dies: false }
    : { kind: 'delete', account, byOwner: false };
  const dice = random.below(3);
  const between =
    dice === 0 ? [step({ kind: 'cancel' as const, account }, 900)] : dice === 1 ? [step(attempt(context, account, true), 1_500)] : [];
  return [
    step(change, 1_200),
    wait(random.pick([MINUTE_MS, COOL_DOWN_MS - 5 * MINUTE_MS]), 'the cool-down is not over'),
    ...between,
    step(attempt(context, account, false), 900),
    wait(COOL_DOWN_MS + 2 * MINUTE_MS, 'the cool-down is over'),
    step(attempt(context, account, random.chance(60)), 1_500),
    wait(ERASE_DEADLINE_MS, 'a deletion is due'),
  ];
};

const deletion: Chapter = (context) => [
  step({ kind: 'delete', account: accountOf(context), byOwner: true }, 1_200),
  step({ kind: 'harvest' }, 300),
  step({ kind: 'register', account: accountOf(context), byOwner: false, dies: false }, 1_200),
];

/** A registration that never gets further than the disks of the nodes. */
const cutShort: Chapter = (context) => [
  step({ kind: 'register', account: accountOf(context), byOwner: true, dies: true }, 800),
  wait(STAGED_MS + 15 * MINUTE_MS, 'what was staged is abandoned'),
];

const mischief: Chapter = (context) => {
  const { random } = context;
  const account = accountOf(context);
  return [
    step(
      { kind: 'withhold', from: nodeOf(context), name: random.pick(['batch', 'peer.rejoin', 'peer.attest', 'record']) },
      random.below(200),
    ),
    step(attempt(context, account, random.chance(50)), random.below(900)),
    step({ kind: 'replay', times: random.between(10, 40) }, random.below(300)),
    step({ kind: 'forge' }, random.below(300)),
    step({ kind: 'harvest' }, 300),
    ...(random.chance(60) ? [step({ kind: 'release' as const }, random.below(500))] : []),
    step({ kind: 'replay', times: random.between(10, 40) }, random.below(300)),
  ];
};

const machines: Chapter = (context) => {
  const { random } = context;
  const node = nodeOf(context);
  const account = accountOf(context);
  const fault: Action = random.pick<Action>([
    { kind: 'diskFull', node, times: random.between(1, 4) },
    { kind: 'slow', node, ms: random.pick([40, 200, 900]) },
    { kind: 'skew', node, ms: random.pick([-100_000, -20_000, 20_000, 100_000, 7_200_000]) },
    { kind: 'rot', node },
  ]);
  const mends: Action =
    fault.kind === 'slow' ? { ...fault, ms: 0 } : fault.kind === 'skew' ? { ...fault, ms: 0 } : { kind: 'restart', node };
  return [
    step(fault, random.below(100)),
    step(attempt(context, account, random.chance(50)), random.below(1_000)),
    ...(fault.kind === 'rot' ? [step({ kind: 'crash' as const, node, when: 'now' as const }, 50)] : []),
    step(mends, random.below(1_000)),
  ];
};

/** Tokens run out while a value is under way. */
const expiry: Chapter = (context) => {
  const account = accountOf(context);
  return [
    step(attempt(context, account, false, { tokenMs: context.random.between(0, 60) }), context.random.below(600)),
    step({ kind: 'resend', account, first: nodeOf(context) }, 600),
  ];
};

const longWait: Chapter = ({ random }) => [
  wait(random.pick([MINUTE_MS, 20 * MINUTE_MS, 3 * 3_600_000, 30 * 3_600_000]), 'nobody wants anything'),
];

/** Those that are there twice come twice as often. */
export const CHAPTERS: readonly Chapter[] = [
  ...[everyday, thief, race, crash, rollback, storm, calm, partition, lastRight, lockOut, pending, deletion, cutShort, mischief],
  ...[machines, expiry, longWait, everyday, crash, rollback, mischief, calm, partition],
  ...[...TARGETED, ...EPOCHS],
];
