import { nodeVerifier } from '@strongroom/platform';
import { DEFAULT_MAX_SKEW_MS, type AccountPolicy, type Bytes, type SignatureVerifier } from '@strongroom/protocol';
import { loadSodiumGroup, type SodiumGroup } from '../../../apps/hsm-node/dist/evaluation/sodium-group.js';
import { SoftwareKeystore } from '../../../apps/hsm-node/dist/keystore/software-keystore.js';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import { CorruptNode } from '../adversary/corrupt-node.js';
import { CorruptProposer } from '../adversary/corrupt-proposer.js';
import { CorruptSpeech } from '../adversary/corrupt-speech.js';
import { HostileGateway } from '../adversary/hostile-gateway.js';
import { VotePool } from '../adversary/vote-pool.js';
import { SimAccount } from '../clients/sim-account.js';
import { Exchange, SimBus, type BusEar } from '../network/sim-bus.js';
import { SimNetwork } from '../network/sim-network.js';
import { SimMachine } from '../node/sim-machine.js';
import type { Plan } from '../plan/action.js';
import { SeededRandom } from '../random/seeded-random.js';
import { SimTime, WORLD } from '../time/sim-time.js';
import { ClientRules } from '../watch/client-rules.js';
import { Ledger } from '../watch/ledger.js';
import { Observer } from '../watch/observer.js';
import { noFaults, type FaultCounts } from './faults.js';
import { ANTI_ENTROPY, COOL_DOWN_MS, ERASE_DEADLINE_MS, REPAIR_PER_SECOND } from './rules.js';
import type { Trace } from './trace.js';

const NAMES = 'ABCDEFGH';

/** A fleet and everybody around it, made from a plan and moved by it alone. */
export class World {
  readonly faults: FaultCounts = noFaults();
  readonly time: SimTime;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly exchange: Exchange;
  readonly machines: SimMachine[] = [];
  readonly accounts: SimAccount[] = [];
  readonly ledger = new Ledger();
  readonly observer: Observer;
  readonly clients: ClientRules;
  readonly gateway: HostileGateway;
  readonly pool: VotePool;
  /** Nodes whose disk was damaged, and those that ever came back on an old one. */
  readonly damaged = new Set<number>();
  readonly old = new Set<number>();
  readonly corrupt: ReadonlySet<number>;
  /** The fleet's rules, as its nodes have them. */
  readonly policy: AccountPolicy;

  private constructor(
    readonly plan: Plan,
    readonly roster: Roster,
    readonly group: SodiumGroup,
    readonly verifier: SignatureVerifier,
    hpkeSecrets: readonly Bytes[],
    readonly trace: Trace,
  ) {
    const seed = `run ${plan.seed}`;
    this.corrupt = new Set(plan.corrupt);
    this.policy = { attempts: plan.attempts, coolDownMs: COOL_DOWN_MS, delaysMs: plan.delaysMs, maxSkewMs: DEFAULT_MAX_SKEW_MS };
    this.random = new SeededRandom(seed);
    this.time = new SimTime(() => this.check());
    this.time.onEvent = ({ life, name }) => trace.event(this.time.elapsedMs, life.name, name);
    this.network = new SimNetwork(this.time, new SeededRandom(`${seed} network`), this.faults);
    this.exchange = new Exchange(this.network, this.ear());
    this.pool = new VotePool(roster);
    const { ledger, machines, damaged, corrupt, policy } = this;
    const nowMs = (): number => this.time.nowMs;
    const note = (line: string): void => this.note(line);
    const watched = { roster, group, verifier, ledger, corrupt, nowMs, machines, damaged, policy, note };
    this.observer = new Observer(watched);
    this.clients = new ClientRules(ledger, roster, verifier, nowMs, this.observer.accuse);
    const bus = new SimBus(this.exchange, 0, WORLD);
    this.gateway = new HostileGateway(bus, this.network, this.pool, ledger, roster, new SeededRandom(`${seed} gateway`), this.faults);
    const rules = {
      delaysMs: plan.delaysMs,
      coolDownMs: COOL_DOWN_MS,
      eraseDeadlineMs: ERASE_DEADLINE_MS,
      repairPerSecond: REPAIR_PER_SECOND,
      antiEntropyIntervalMs: plan.antiEntropyMs ?? 0,
      antiEntropyAccounts: ANTI_ENTROPY.accounts,
    };
    const world = { seed, time: this.time, exchange: this.exchange, faults: this.faults, verifier, rules, watch: this.observer };
    for (const { index } of roster.members) machines.push(new SimMachine({ ...roster, self: index }, materialOf(index), world));
    for (let i = 0; i < plan.accounts; i++) {
      const account = new SimAccount(NAMES.charAt(i), roster, hpkeSecrets, new SeededRandom(`${seed} account ${i}`));
      this.accounts.push(account);
      ledger.add(account);
    }
  }

  static async of(plan: Plan, trace: Trace): Promise<World> {
    const { n, t, q, attempts } = plan;
    const random = new SeededRandom('keys');
    const indices = Array.from({ length: n }, (_, i) => i + 1);
    const members = indices.map((index) => {
      const { identityPublicKey, hpkePublicKey } = new SoftwareKeystore(materialOf(index), random, 'sealed-file');
      return { index, identityKey: identityPublicKey, hpkeKey: hpkePublicKey };
    });
    const roster: Roster = { fleetId: 'sim', epoch: 1, self: 1, state: 'active', n, t, q, attempts, ksf: 'none', members };
    const secrets = indices.map((index) => materialOf(index).hpke[0]?.secret ?? new Uint8Array(0));
    return new World(plan, roster, await loadSodiumGroup(), remembering(nodeVerifier), secrets, trace);
  }

  /** Nodes that belong to the attacker run its code instead of ours, with their own keys. */
  async startCorrupt(): Promise<void> {
    const { exchange, faults, ledger, roster, time, corrupt } = this;
    for (const node of corrupt) {
      faults.corruptNode += 1;
      const life = { alive: true, name: `corrupt node ${node}` };
      const random = new SeededRandom(`run ${this.plan.seed} corrupt ${node}`);
      const bus = new SimBus(exchange, node, life);
      const keystore = new SoftwareKeystore(materialOf(node), random, 'sealed-file');
      const signer = { publicKey: keystore.identityPublicKey, sign: (message: Bytes) => keystore.sign(message) };
      const speech = new CorruptSpeech(node, { ...roster, self: node }, signer, exchange, bus);
      const knows = {
        openIndex: (uid: Bytes) => ledger.of(uid).decided.size + 1,
        confirmation: (uid: Bytes) => ledger.of(uid).stored,
        entries: (uid: Bytes) => [...ledger.of(uid).account.entries].reverse(),
        nowMs: () => time.nowMs,
        corrupt,
      };
      const corruptNode = new CorruptNode(bus, speech, new CorruptProposer(speech, knows, random, faults), random, faults);
      time.current = life;
      await corruptNode.start();
    }
    time.current = WORLD;
  }

  machine(node: number): SimMachine {
    const machine = this.machines[node - 1];
    if (machine === undefined) throw new RangeError(`no node ${node}`);
    return machine;
  }

  account(number: number): SimAccount {
    const account = this.accounts[number];
    if (account === undefined) throw new RangeError(`no account ${number}`);
    return account;
  }

  note(line: string): void {
    this.trace.note(this.time.elapsedMs, line);
  }

  /** @throws Violation of what was seen since the last step */
  check(): void {
    const { violation } = this.observer;
    if (violation !== null) throw violation;
  }

  private ear(): BusEar {
    return {
      broadcast: (from, name, payload) => {
        this.trace.said(from, name, payload);
        if (name === 'batch' && from !== 0) this.pool.hear(payload);
        this.observer.broadcast(from, name, payload);
      },
      served: (node, name, request, response) => {
        this.trace.said(node, name, response);
        this.observer.served(node, name, request, response);
      },
      emitted: (node, name, data) => this.observer.emitted(node, name, data),
      broke: (node, error) => this.observer.broke(node, error),
    };
  }
}

/** The keys of a node; the same in every run. */
function materialOf(index: number): { identitySeed: Bytes; storageKey: Bytes; hpke: { fromEpoch: number; secret: Bytes }[] } {
  const random = new SeededRandom(`node ${index}`);
  return { identitySeed: random.bytes(32), storageKey: random.bytes(32), hpke: [{ fromEpoch: 1, secret: random.bytes(32) }] };
}

/** n nodes check the same signature; so does the observer. */
function remembering(verifier: SignatureVerifier): SignatureVerifier {
  const verdicts = new Map<string, boolean>();
  return {
    verify(publicKey, message, signature) {
      const asked = [publicKey, message, signature].map((bytes) => Buffer.from(bytes).toString('latin1')).join(' | ');
      const verdict = verdicts.get(asked) ?? verifier.verify(publicKey, message, signature);
      verdicts.set(asked, verdict);
      return verdict;
    },
  };
}
