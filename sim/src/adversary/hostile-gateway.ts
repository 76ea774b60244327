import { attemptConfirm, attemptEvaluate, batchBroadcast, nodeHeartbeat, type RequestOf } from '@strongroom/contracts';
import { VaultError, type Bytes, type DecidedSet } from '@strongroom/protocol';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import type { SimBus } from '../network/sim-bus.js';
import type { SimNetwork } from '../network/sim-network.js';
import type { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { Ledger } from '../watch/ledger.js';
import type { VotePool } from './vote-pool.js';

const AT_ONCE = 16;

/** Whoever owns gateway and bus: asks for what it may not have, replays, and makes things up. */
export class HostileGateway {
  constructor(
    private readonly bus: SimBus,
    private readonly network: SimNetwork,
    private readonly pool: VotePool,
    private readonly ledger: Ledger,
    private readonly roster: Roster,
    private readonly random: SeededRandom,
    private readonly faults: FaultCounts,
  ) {}

  /** Every node is asked to evaluate every attempt that was ever voted for; sets that lack votes are filled up. */
  harvest(): void {
    for (const { uid, attemptId, set } of this.pool.sets().slice(-AT_ONCE)) {
      for (const forged of this.filledUp(set)) this.evaluateEverywhere(uid, attemptId, forged);
    }
  }

  replay(times: number): void {
    const { archive } = this.network;
    for (let i = 0; i < times && archive.length > 0; i++) this.network.replay(this.random.pick(archive));
  }

  /** Junk that costs nothing to make: confirmations nobody signed, leaps, refusals, heartbeats of the dead. */
  forge(): void {
    this.faults.forgery += 1;
    for (const { account, decided } of this.ledger.accounts) {
      for (const attempt of account.attempts.slice(-4)) {
        const index = this.random.between(1, Math.max(1, decided.size + 1));
        const confirmation = { uid: account.uid, ver: attempt.core.ver, index, attemptId: attempt.id, signature: this.random.bytes(64) };
        this.confirmEverywhere(confirmation);
      }
      const ballot = { round: this.random.pick([1, 200, 60_000, 100_000]), node: this.random.between(1, this.roster.n), incarnation: 1 };
      const index = decided.size + 1;
      const node = this.random.between(1, this.roster.n);
      const hints = { nacks: [{ uid: account.uid, index, promised: ballot }], refusals: [], confirmations: [] };
      this.bus.broadcast(batchBroadcast, this.roster.fleetId, { node, incarnation: 1, signed: null, proposals: [], reports: [], ...hints });
    }
    const sequence = this.random.between(1, 1_000);
    this.bus.broadcast(nodeHeartbeat, this.roster.fleetId, {
      node: this.random.between(1, this.roster.n),
      incarnation: 9,
      ready: true,
      sequence,
    });
  }

  /** A confirmation that some client signed, for another number and attempt than it was signed for. */
  misuse(): void {
    for (const { account, decided } of this.ledger.accounts) {
      const attempt = account.attempts.at(-1);
      if (attempt === undefined) continue;
      const index = decided.size + 2;
      this.confirmEverywhere({ uid: account.uid, ver: attempt.core.ver, index, attemptId: attempt.id, signature: this.random.bytes(64) });
    }
  }

  private filledUp(set: DecidedSet): readonly DecidedSet[] {
    const { q } = this.roster;
    const [first] = set.votes;
    if (set.votes.length >= q || first === undefined) return [set];
    return [set, { ...set, votes: [...set.votes, ...Array.from({ length: q - set.votes.length }, () => first)] }];
  }

  private evaluateEverywhere(uid: Bytes, attemptId: Bytes, set: DecidedSet): void {
    const decided: RequestOf<typeof attemptEvaluate>['decided'] = { ...set, votes: [...set.votes] };
    for (const { index } of this.roster.members) {
      const asked = this.bus.call(attemptEvaluate, { uid, attemptId, waitMs: 0, decided }, { node: `${this.roster.fleetId}-${index}` });
      asked.catch(expected);
    }
  }

  private confirmEverywhere(confirmation: RequestOf<typeof attemptConfirm>['confirmation']): void {
    for (const { index } of this.roster.members) {
      this.bus.call(attemptConfirm, { confirmation }, { node: `${this.roster.fleetId}-${index}` }).catch(expected);
    }
  }
}

/** Being refused is what should happen. */
function expected(error: unknown): void {
  if (!(error instanceof VaultError)) throw error;
}
