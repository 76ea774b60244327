import {
  attemptConfirm,
  attemptEvaluate,
  entrySubmit,
  recordStage,
  type RequestOf,
  type ResponseOf,
  type RpcContract,
} from '@strongroom/contracts';
import { encodeEntry, rankNodes, VaultError, type Bytes, type Confirmation, type DecidedSet, type Entry } from '@strongroom/protocol';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import type { SimBus } from '../network/sim-bus.js';
import type { SimVersion } from './sim-account.js';

type Evaluation = ResponseOf<typeof attemptEvaluate>;
type Released = ResponseOf<typeof attemptConfirm>;

const HEDGE_MS = 600;

/** Asks nodes as the session gateway does, in few words: the home node first, the next when it is late, all for the rest. */
export class SimGateway {
  constructor(
    private readonly bus: SimBus,
    private readonly roster: Roster,
    /** The nodes that this client reaches, by whoever stands between. */
    private readonly nodes: readonly number[],
  ) {}

  /** @returns nodes that hold the version now */
  async stage(version: SimVersion): Promise<number> {
    const request = { entry: encodeEntry(version.entry), record: version.encoded, sealed: [...version.sealed] };
    return (await this.all(recordStage, request)).length;
  }

  /** @throws the first refusal that is no mere "not now", else FLEET_UNAVAILABLE */
  async submit(entry: Entry, first: number | null = null): Promise<DecidedSet> {
    const request = { entry: encodeEntry(entry) };
    const ranked = rankNodes(entry.core.uid, this.roster).filter((node) => this.nodes.includes(node));
    const order = first === null ? ranked : [first, ...ranked.filter((node) => node !== first)];
    const errors: VaultError[] = [];
    let wake = (): void => undefined;
    let decided: DecidedSet | null = null;
    for (const node of order) {
      this.ask(entrySubmit, request, node).then(
        (set) => {
          decided = set;
          wake();
        },
        (error: unknown) => {
          if (error instanceof VaultError) errors.push(error);
          wake();
        },
      );
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, HEDGE_MS);
      });
      if (decided !== null) return decided;
    }
    await new Promise<void>((resolve) => {
      wake = () => {
        if (decided !== null || errors.length === order.length) resolve();
      };
      setTimeout(resolve, 2_000);
      wake();
    });
    if (decided !== null) return decided;
    throw (
      errors.find(({ code }) => code !== 'FLEET_UNAVAILABLE' && code !== 'CONFLICT') ??
      errors[0] ??
      new VaultError('FLEET_UNAVAILABLE', 'nobody answered')
    );
  }

  async evaluate(uid: Bytes, attemptId: Bytes, set: DecidedSet): Promise<readonly Evaluation[]> {
    const decided: RequestOf<typeof attemptEvaluate>['decided'] = { ...set, votes: [...set.votes] };
    return this.all(attemptEvaluate, { uid, attemptId, waitMs: 500, decided });
  }

  async confirm(confirmation: Confirmation, set: DecidedSet): Promise<readonly Released[]> {
    return this.all(attemptConfirm, { confirmation, decided: { ...set, votes: [...set.votes] } });
  }

  private async all<Req, Res>(contract: RpcContract<Req, Res>, request: Req): Promise<readonly Res[]> {
    const settled = await Promise.allSettled(this.nodes.map((node) => this.ask(contract, request, node)));
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  private ask<Req, Res>(contract: RpcContract<Req, Res>, request: Req, node: number): Promise<Res> {
    return this.bus.call(contract, request, { node: `${this.roster.fleetId}-${node}` });
  }
}
