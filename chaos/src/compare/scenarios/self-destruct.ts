import { recordErased } from '@strongroom/contracts';
import { until } from '@strongroom/stack';
import { Checks, type Scenario } from '../scenario.js';
import { RIGHT, WRONG, type Call } from '../subject.js';

const ERASED_WITHIN_MS = 30_000;

/** All attempts are spent and nobody asks anything more: the shares have to go by themselves. */
export const selfDestruct: Scenario = {
  name: 'delayed self-destruct',
  async play(stage) {
    const checks = new Checks();
    const subject = await stage.subject();
    const bus = await stage.listen();
    try {
      const erased = new Set<number>();
      await bus.onEvent(recordErased, ({ node, reason }) => void (reason === 'locked' && erased.add(node)));
      await bus.flush();
      const calls: Call[] = [];
      const attempts = stage.vault.stack.fleet.parameters.attempts;
      for (let left = attempts - 1; left >= 0; left--) {
        const call = await subject.recover(WRONG);
        calls.push(call);
        checks.that(
          call.outcome === 'wrong' && call.attemptsLeft === left,
          `${call.attemptsLeft} attempts are told to be left, not ${left}`,
        );
      }
      const lockedAt = stage.now();
      const everywhere = (): true | undefined => (erased.size === stage.nodes.length ? true : undefined);
      await until(everywhere, { what: 'every node to erase', timeoutMs: ERASED_WITHIN_MS, signal: stage.signal }).catch(() => undefined);
      stage.signal.throwIfAborted();
      const afterMs = Math.round(stage.now() - lockedAt);
      checks.that(erased.size === stage.nodes.length, `${erased.size} of ${stage.nodes.length} nodes have erased`);
      checks.that((await subject.recover(RIGHT)).outcome === 'failed', 'the right code still works');
      return {
        broken: checks.broken,
        calls,
        seen: `${erased.size} nodes erased by themselves, the last ${afterMs} ms after the tenth wrong code`,
      };
    } finally {
      await bus.onApplicationShutdown();
    }
  },
};
