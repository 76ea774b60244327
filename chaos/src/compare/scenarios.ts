import type { Scenario } from './scenario.js';
import { forgedCount } from './scenarios/forged-count.js';
import { interruptedChange } from './scenarios/interrupted-change.js';
import { lostAnswers } from './scenarios/lost-answers.js';
import { missedConfirmation } from './scenarios/missed-confirmation.js';
import { selfDestruct } from './scenarios/self-destruct.js';
import { silentNode, slowNode } from './scenarios/slow-and-silent.js';

/** In the order of docs/COMPARISON.md. */
export const SCENARIOS: readonly Scenario[] = [
  lostAnswers,
  missedConfirmation,
  interruptedChange,
  slowNode,
  silentNode,
  forgedCount,
  selfDestruct,
];
