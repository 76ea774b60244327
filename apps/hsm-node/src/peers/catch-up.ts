import { peerFetchSets, peerOfferSets, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import type { Log } from '@strongroom/platform';
import { toHex, VaultError, type Bytes, type DecidedSet } from '@strongroom/protocol';
import type { DecidedSets } from '../log/decided-sets.js';
import type { LogEngine } from '../log/log-engine.js';
import type { PeerCalls } from './peer-calls.js';

const MAX_SETS = 8;

/** Whoever lags is given the decided sets that it lacks (PROTOCOL 4.3); one exchange per account and peer at a time. */
export class CatchUp {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly engine: LogEngine,
    private readonly sets: DecidedSets,
    private readonly peers: PeerCalls,
    private readonly log: Log,
  ) {
    engine.listen({
      afterFlush: ({ uid, effect }) => {
        if (effect.kind === 'lagging') void this.fetch(uid, effect.node);
        if (effect.kind === 'laggard') void this.offer(uid, effect.node, effect.fromIndex);
      },
    });
  }

  /** Fetches from `node` until it has no more. Failures are logged: the next message of a later index asks again. */
  fetch(uid: Bytes, node: number): Promise<void> {
    return this.once(`fetch.${toHex(uid)}.${node}`, 'catch-up.failed', async () => {
      for (;;) {
        const fromIndex = this.engine.account(uid).state.index + 1;
        const answer = await this.peers.ask(peerFetchSets, node, { uid, fromIndex });
        await this.take(uid, answer);
        if (answer.sets.length < MAX_SETS || this.engine.account(uid).state.index < fromIndex) return;
      }
    });
  }

  /** Serves `peerFetchSets`. */
  answer({ uid, fromIndex }: RequestOf<typeof peerFetchSets>): ResponseOf<typeof peerFetchSets> {
    const { state, confirmation } = this.engine.account(uid);
    const sets: ResponseOf<typeof peerFetchSets>['sets'] = [];
    for (let index = fromIndex; index <= state.index && sets.length < MAX_SETS; index++) {
      const set = this.sets.at(uid, index);
      if (set === null) throw new VaultError('FLEET_UNAVAILABLE', 'a decided set is missing here', { index });
      sets.push(travellingSet(set));
    }
    return { sets, confirmation };
  }

  /** Serves `peerOfferSets`. @throws NODE_MISBEHAVED for sets that do not decide */
  async take(uid: Bytes, offered: ResponseOf<typeof peerFetchSets>): Promise<void> {
    await this.sets.learn(uid, offered.sets);
    const { confirmation } = offered;
    if (confirmation !== null && confirmation.index > (this.engine.account(uid).confirmation?.index ?? 0)) {
      await this.engine.post(uid, { kind: 'confirm', confirmation });
    }
  }

  private offer(uid: Bytes, node: number, fromIndex: number): Promise<void> {
    return this.once(`offer.${toHex(uid)}.${node}`, 'catch-up.offer-failed', async () => {
      await this.peers.ask(peerOfferSets, node, { uid, ...this.answer({ uid, fromIndex }) });
    });
  }

  private once(name: string, event: string, work: () => Promise<void>): Promise<void> {
    const known = this.underWay.get(name);
    if (known !== undefined) return known;
    const done = work()
      .catch((error: unknown) => this.log.warn({ event, reason: error instanceof Error ? error.message : 'unknown' }))
      .finally(() => this.underWay.delete(name));
    this.underWay.set(name, done);
    return done;
  }
}

export function travellingSet({ index, value, votes }: DecidedSet): ResponseOf<typeof peerFetchSets>['sets'][number] {
  return { index, value, votes: [...votes] };
}
