import { peerRejoin } from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import {
  compareBallots,
  parsePromise,
  parseVote,
  rosterOfEpoch,
  type Bytes,
  type FleetRoster,
  type StatementHead,
} from '@strongroom/protocol';
import { AccountRows } from '../../../apps/hsm-node/dist/log/account-rows.js';
import { loadChain } from '../../../apps/hsm-node/dist/log/chain.js';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import { SpokenWatch } from '../../../apps/hsm-node/dist/node/spoken-watch.fixture.js';
import { parseRejoinAnswer } from '../../../apps/hsm-node/dist/peers/rejoin-message.js';
import type { Running, SimMachine } from '../node/sim-machine.js';

type Accuse = (rule: string, story: string) => void;

/** What honest nodes sign: nothing that contradicts what they signed, nothing that is not on their disk (PROTOCOL 4.2, 7.3). */
export class SpokenRules {
  private readonly watch = new SpokenWatch();
  /** By answerer, epoch and rejoining node: the incarnation that was answered. */
  private readonly fences = new Map<string, number>();
  /** The incarnation in which each node took part last, by epoch. */
  private readonly lived = new Map<string, number>();
  /** Who answered the question of which node and incarnation. */
  private readonly answers = new Map<string, Set<number>>();

  constructor(
    private readonly accuse: Accuse,
    private readonly roster: () => FleetRoster,
  ) {}

  hear(machine: SimMachine, message: BatchMessage): void {
    this.watch.hear(message);
    const [contradiction] = this.watch.contradictions;
    if (contradiction !== undefined) this.accuse('4.2', `node ${message.node} contradicts itself at ${contradiction}`);
    const [fork] = this.watch.forks;
    if (fork !== undefined) this.accuse('7.1', `node ${message.node} signed two batches in one place: ${fork}`);
    if (machine.running !== null) this.mustBeDurable(machine.self, machine.running, message);
  }

  /** Its disk turned out old, or another machine is in its place. */
  rolledBack(node: number): void {
    this.watch.forget(node);
  }

  /** @param honest a corrupt node's answer counts where answers are counted, and binds it to nothing */
  answered(node: number, response: Bytes, honest: boolean): void {
    const { answer } = decodeMessage(response, peerRejoin.maxBytes, peerRejoin.response);
    const { node: asker, epoch, incarnation } = parseRejoinAnswer(answer);
    if (honest) this.fences.set(`${node} ${epoch} ${asker}`, incarnation);
    const name = `${asker} ${epoch} ${incarnation}`;
    this.answers.set(name, (this.answers.get(name) ?? new Set()).add(node));
  }

  joined(machine: SimMachine): void {
    const incarnation = machine.running?.node?.engine.chain.own.incarnation ?? 0;
    const { epoch } = machine.running?.node?.roster ?? this.roster();
    const life = `${machine.self} ${epoch}`;
    const before = this.lived.get(life) ?? 0;
    if (incarnation <= before)
      this.accuse('7.3', `node ${machine.self} takes part as incarnation ${incarnation} after it has been ${before}`);
    this.lived.set(life, incarnation);
    const by = this.answers.get(`${life} ${incarnation}`)?.size ?? 0;
    if (by < this.roster().q) this.accuse('7.3', `node ${machine.self} takes part although only ${by} peers answered its question`);
  }

  private mustBeDurable(node: number, { store }: Running, { incarnation, signed, reports }: BatchMessage): void {
    const [first] = signed?.statements ?? [];
    if (signed === null || first === undefined) return;
    const { epoch } = reports.some(({ leaf }) => leaf === 0) ? parsePromise(first) : parseVote(first);
    const chain = loadChain(store, rosterOfEpoch(this.roster(), epoch));
    if (chain.own.incarnation !== incarnation || chain.own.sequence < signed.sequence)
      this.accuse('7.1', `node ${node} said batch ${signed.sequence} before its place in the chain was on its disk`);
    const rows = new AccountRows(store);
    for (const [leaf, statement] of signed.statements.entries()) {
      const isPromise = reports.some((report) => report.leaf === leaf);
      const head = isPromise ? parsePromise(statement) : parseVote(statement);
      this.mustNameFences(node, head);
      const { state, promised, accepted } = rows.load(head.uid);
      const kept = state.index >= head.index || compareBallots(isPromise ? promised : (accepted?.ballot ?? null), head.ballot) >= 0;
      if (!kept)
        this.accuse('4.2', `node ${node} made a ${isPromise ? 'promise' : 'vote'} known at index ${head.index} before its disk had it`);
    }
  }

  private mustNameFences(node: number, { epoch, incarnations }: StatementHead): void {
    for (const [i, named] of incarnations.entries()) {
      const answered = this.fences.get(`${node} ${epoch} ${i + 1}`) ?? 0;
      if (named < answered)
        this.accuse('7.3', `node ${node} answered incarnation ${answered} of node ${i + 1} and still signs that it knows ${named}`);
    }
  }
}
