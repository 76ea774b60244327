import { subjectOf, type BroadcastContract, type EventContract, type RpcContract } from '@strongroom/contracts';
import { decodeMessage, encodeMessage, type CallOptions, type RpcHandler, type ServeOptions, type Stop } from '@strongroom/platform';
import { VaultError, type Bytes } from '@strongroom/protocol';
import type { NodeBus } from '../../../apps/hsm-node/dist/node/node-parts.js';
import type { Life } from '../time/event-queue.js';
import type { Delivery, SimNetwork } from './sim-network.js';

interface Server {
  readonly at: SimBus;
  readonly receive: (payload: Bytes) => Promise<Bytes>;
}

interface Listener {
  readonly subject: string;
  readonly at: SimBus;
  readonly hear: (payload: Bytes) => void;
}

/** Told of everything that is said on the bus, whether it arrives or not: an attacker who owns the bus sees it all. */
export interface BusEar {
  /** A request, whether anybody serves it or not. */
  asked(from: number, name: string, request: Bytes): void;
  broadcast(from: number, name: string, payload: Bytes): void;
  served(node: number, name: string, request: Bytes, response: Bytes): void;
  emitted(node: number, name: string, data: unknown): void;
  /** What broke inside a handler. */
  broke(node: number, error: unknown): void;
}

/** Who serves and who listens. */
export class Exchange {
  readonly servers = new Map<string, Server>();
  readonly listeners = new Set<Listener>();

  constructor(
    readonly network: SimNetwork,
    readonly ear: BusEar,
  ) {}
}

/** One process's end of the bus, or the gateway's, which is node 0. Messages go through their contract's encoding. */
export class SimBus implements NodeBus {
  constructor(
    private readonly exchange: Exchange,
    readonly self: number,
    private readonly life: Life,
  ) {}

  call<Req, Res>(contract: RpcContract<Req, Res>, request: Req, options: CallOptions = {}): Promise<Res> {
    const name = `${contract.capability}.${contract.verb}`;
    const payload = encodeMessage(request, contract.maxBytes);
    this.exchange.ear.asked(this.self, name, payload);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new VaultError('FLEET_UNAVAILABLE', `${name} was not answered`)), contract.timeoutMs);
      const answer = (from: number, bytes: Bytes, settle: () => void): void => {
        const act = (): void => {
          clearTimeout(timer);
          settle();
        };
        this.exchange.network.send({ from, to: this.self, name: `${name}.answer`, payload: bytes, life: this.life, act });
      };
      const server = this.exchange.servers.get(subjectOf(contract, options.node));
      if (server === undefined || !server.at.life.alive) {
        answer(this.self, EMPTY, () => reject(new VaultError('FLEET_UNAVAILABLE', `${name} is served by nobody`)));
        return;
      }
      const { at } = server;
      const act = (): void => {
        server.receive(payload).then(
          (bytes) => {
            if (!at.life.alive) return;
            this.exchange.ear.served(at.self, name, payload, bytes);
            answer(at.self, bytes, () => resolve(decodeMessage(bytes, contract.maxBytes, contract.response)));
          },
          (error: unknown) => answer(at.self, EMPTY, () => reject(this.refusal(at.self, error))),
        );
      };
      const again = () => this.again(subjectOf(contract, options.node), name, payload);
      this.exchange.network.send({ from: this.self, to: at.self, name, payload, life: at.life, act, again });
    });
  }

  serve<Req, Res>(contract: RpcContract<Req, Res>, handler: RpcHandler<Req, Res>, options: ServeOptions = {}): Promise<Stop> {
    const subject = subjectOf(contract, options.node);
    const receive = async (payload: Bytes): Promise<Bytes> =>
      encodeMessage(await handler(decodeMessage(payload, contract.maxBytes, contract.request)), contract.maxBytes);
    const server = { at: this, receive };
    this.exchange.servers.set(subject, server);
    return Promise.resolve(() => {
      if (this.exchange.servers.get(subject) === server) this.exchange.servers.delete(subject);
      return Promise.resolve();
    });
  }

  broadcast<Message>(contract: BroadcastContract<Message>, fleetId: string, message: Message): boolean {
    if (!this.life.alive) return false;
    const payload = encodeMessage(message, contract.maxBytes);
    this.exchange.ear.broadcast(this.self, contract.capability, payload);
    this.spread(subjectOf(contract, fleetId), contract.capability, payload, () => true);
    return true;
  }

  /** To some of the listeners only: what an honest process cannot do, and whoever owns the bus can. */
  spread(subject: string, name: string, payload: Bytes, to: (node: number) => boolean): void {
    for (const { subject: heard, at, hear } of this.exchange.listeners) {
      if (heard !== subject || !at.life.alive || !to(at.self)) continue;
      const again = () => {
        const now = [...this.exchange.listeners].find((one) => one.subject === subject && one.at.self === at.self && one.at.life.alive);
        return now === undefined ? null : { life: now.at.life, act: () => now.hear(payload) };
      };
      this.exchange.network.send({ from: this.self, to: at.self, name, payload, life: at.life, act: () => hear(payload), again });
    }
  }

  onBroadcast<Message>(
    contract: BroadcastContract<Message>,
    fleetId: string,
    handler: (message: Message) => void | Promise<void>,
  ): Promise<Stop> {
    const hear = (payload: Bytes): void => {
      const handled = (async () => handler(decodeMessage(payload, contract.maxBytes, contract.message)))();
      handled.catch((error: unknown) => {
        if (!(error instanceof VaultError)) this.exchange.ear.broke(this.self, error);
      });
    };
    const listener = { subject: subjectOf(contract, fleetId), at: this, hear };
    this.exchange.listeners.add(listener);
    return Promise.resolve(() => Promise.resolve(void this.exchange.listeners.delete(listener)));
  }

  emit<Data>(contract: EventContract<Data>, data: Data): boolean {
    contract.data.parse(data);
    if (this.life.alive) this.exchange.ear.emitted(this.self, contract.subject, data);
    return this.life.alive;
  }

  /** The process is gone, and nobody hears or serves for it. */
  leave(): void {
    for (const [subject, { at }] of [...this.exchange.servers]) if (at === this) this.exchange.servers.delete(subject);
    for (const listener of [...this.exchange.listeners]) if (listener.at === this) this.exchange.listeners.delete(listener);
  }

  /** A request that comes again, for nobody who still waits for the answer: whoever owns the bus hears it. */
  private again(subject: string, name: string, payload: Bytes): Pick<Delivery, 'life' | 'act'> | null {
    const server = this.exchange.servers.get(subject);
    if (server === undefined || !server.at.life.alive) return null;
    const { at } = server;
    const act = (): void => {
      server.receive(payload).then(
        (bytes) => at.life.alive && this.exchange.ear.served(at.self, name, payload, bytes),
        (error: unknown) => this.refusal(at.self, error),
      );
    };
    return { life: at.life, act };
  }

  private refusal(node: number, error: unknown): VaultError {
    if (error instanceof VaultError) return error;
    this.exchange.ear.broke(node, error);
    return new VaultError('INTERNAL', 'something went wrong inside');
  }
}

const EMPTY: Bytes = new Uint8Array(0);
