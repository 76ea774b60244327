import type { PlannedStep } from './action.js';
import { accountOf, attempt, nodeOf, step, type Chapter, type PlanContext } from './chapter.js';

/** Longer than a client tries, so that what it began is over. */
const SETTLED_MS = 6_000;

/** What may come between two epochs: at nodes that know of the next one and at those that do not. */
function inBetween(context: PlanContext, gone: number): readonly PlannedStep[] {
  const { random, n } = context;
  const account = accountOf(context);
  const others = random.shuffled(Array.from({ length: n }, (_, i) => i + 1).filter((node) => node !== gone));
  const [node = 1, other = 2] = others;
  switch (random.below(6)) {
    case 0:
      return [
        step({ kind: 'crash', node, when: random.pick(['now', 'before', 'after'] as const) }, random.below(500)),
        step({ kind: 'restart', node }, 0),
      ];
    case 1:
      return [step({ kind: 'rollback', node }, random.below(600))];
    case 2:
      return [
        step({ kind: 'cut', from: [node], to: [0, other, gone] }, 0),
        step(attempt(context, account, false, { first: other }), random.below(900)),
        step({ kind: 'heal' }, 0),
      ];
    case 3:
      return [step({ kind: 'register', account, byOwner: random.chance(60), dies: random.chance(30) }, random.below(900))];
    case 4:
      return [step({ kind: 'resend', account, first: node }, random.below(300)), step({ kind: 'confirm', account }, random.below(300))];
    default:
      return [step({ kind: 'replay', times: random.between(10, 40) }, random.below(200))];
  }
}

/** A machine is lost and another takes its place, while people come and go and other things go wrong. */
const replaceNode: Chapter = (context) => {
  const { random, n, epoch } = context;
  const account = accountOf(context);
  const node = random.chance(40) ? context.homeOf(account) : nodeOf(context);
  const learnMs = Array.from({ length: n }, () => random.pick([0, random.below(400), random.below(3_000)]));
  const before = random.chance(50) ? [step(attempt(context, account, random.chance(40), { confirm: 'later' }), random.below(900))] : [];
  const snapshots = random.chance(40) ? [step({ kind: 'snapshot' as const, node: nodeOf(context) }, 0)] : [];
  const replace = step({ kind: 'replace', node, learnMs }, random.below(500));
  epoch.now += 1;
  return [
    ...snapshots,
    ...before,
    replace,
    ...inBetween(context, node),
    step(attempt(context, account, random.chance(40)), random.below(700)),
    ...(random.chance(60) ? inBetween(context, node) : []),
    step({ kind: 'replay', times: random.between(5, 20) }, SETTLED_MS),
    step(attempt(context, account, random.chance(50)), 900),
    step({ kind: 'harvest' }, 300),
  ];
};

/** A value is voted for when the epoch ends, and nobody but the gateway knows whether it is decided. */
const decidedAtTheEnd: Chapter = (context) => {
  const { random, n, q, epoch } = context;
  const account = accountOf(context);
  const home = context.homeOf(account);
  const everybody = Array.from({ length: n }, (_, i) => i + 1);
  const others = random.shuffled(everybody.filter((node) => node !== home));
  const voters = others.slice(0, q - 1);
  const gone = random.chance(60) ? home : random.pick(voters);
  const learnMs = everybody.map(() => random.below(200));
  const unaware = everybody.filter((node) => !voters.includes(node) || node === gone);
  // Where those who have not voted are q by themselves, only what they carried over speaks for the value.
  const apart = unaware.length >= q ? everybody.filter((node) => !unaware.includes(node)) : [];
  const by = random.pick(others.filter((node) => node !== gone && !apart.includes(node)));
  const steps = [
    step({ kind: 'cut', from: others, to: everybody }, 0),
    step({ kind: 'cut', from: [home], to: others.filter((node) => !voters.includes(node)) }, 0),
    step(attempt(context, account, false, { first: home, diesMs: 40 }), 60),
    step({ kind: 'replace', node: gone, learnMs }, 250),
    step({ kind: 'heal' }, 3_000),
    step({ kind: 'cut', from: apart, to: [0, ...unaware] }, 0),
    step({ kind: 'cut', from: [0, ...unaware], to: apart }, 0),
    step(attempt(context, account, false, { first: by }), 1_800),
    step({ kind: 'heal' }, 100),
    step({ kind: 'harvest' }, 300),
    step({ kind: 'replay', times: 30 }, SETTLED_MS),
  ];
  epoch.now += 1;
  return steps;
};

export const EPOCHS: readonly Chapter[] = [replaceNode, replaceNode, decidedAtTheEnd, decidedAtTheEnd];
