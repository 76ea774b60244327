import type { EventContract, RpcContract, BroadcastContract } from '@strongroom/contracts';
import { subjectOf } from '@strongroom/contracts';
import { decodeMessage, encodeMessage, type CallOptions, type RpcHandler, type ServeOptions, type Stop } from '@strongroom/platform';
import { VaultError, type Bytes } from '@strongroom/protocol';
import type { NodeBus } from './node-parts.js';

export interface Delivery {
  readonly from: number;
  readonly to: number;
  /** As in `peer.rejoin`, with `.answer` behind it on the way back. */
  readonly name: string;
  readonly payload: Bytes;
  readonly act: () => void;
}

export type Fate = 'deliver' | 'lose' | 'hold' | 'twice';

interface Port {
  readonly at: MemoryBus;
  readonly receive: (payload: Bytes) => Promise<Bytes>;
}

/** For specs only: what joins the nodes. Nothing arrives before `deliver`; a spec says what is lost, held, doubled or overtaken. */
export class MemoryWire {
  fate: (delivery: Delivery) => Fate = () => 'deliver';
  /** Which of so many waiting messages comes next. */
  next: (waiting: number) => number = () => 0;
  /** Everything that nodes ever broadcast, delivered or not. */
  readonly said: { readonly from: number; readonly name: string; readonly payload: Bytes }[] = [];
  readonly events: { readonly from: number; readonly type: string }[] = [];
  /** What broke inside a handler: a spec expects none. */
  readonly failures: unknown[] = [];
  readonly servers = new Map<string, Port>();
  readonly listeners: { readonly subject: string; readonly at: MemoryBus; readonly hear: (payload: Bytes) => void }[] = [];
  private waiting: Delivery[] = [];
  private held: Delivery[] = [];

  send(delivery: Delivery): void {
    const fate = this.fate(delivery);
    if (fate === 'hold') this.held.push(delivery);
    if (fate === 'deliver' || fate === 'twice') this.waiting.push(delivery);
    if (fate === 'twice') this.waiting.push(delivery);
  }

  /** What was held arrives after all. */
  release(): void {
    this.waiting.push(...this.held);
    this.held = [];
  }

  /** @returns whether there was anything to deliver */
  deliver(): boolean {
    const batch = this.waiting;
    this.waiting = [];
    const count = batch.length;
    for (let left = count; left > 0; left--) batch.splice(this.next(left) % left, 1)[0]?.act();
    return count > 0;
  }
}

/** For specs only: one node's end of the wire, or the gateway's, which is node 0. Messages go through their contract's encoding. */
export class MemoryBus implements NodeBus {
  alive = true;

  constructor(
    private readonly wire: MemoryWire,
    readonly self: number,
  ) {}

  call<Req, Res>(contract: RpcContract<Req, Res>, request: Req, options: CallOptions = {}): Promise<Res> {
    const name = `${contract.capability}.${contract.verb}`;
    const payload = encodeMessage(request, contract.maxBytes);
    const server = this.wire.servers.get(subjectOf(contract, options.node));
    if (server === undefined || !server.at.alive) return Promise.reject(new VaultError('FLEET_UNAVAILABLE', `${name} is served by nobody`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new VaultError('FLEET_UNAVAILABLE', `${name} was not answered`)), contract.timeoutMs);
      const answer = (settle: () => void, bytes: Bytes): void => {
        const act = (): void => {
          clearTimeout(timer);
          if (this.alive) settle();
        };
        this.wire.send({ from: server.at.self, to: this.self, name: `${name}.answer`, payload: bytes, act });
      };
      const act = (): void => {
        if (!server.at.alive) return;
        server.receive(payload).then(
          (bytes) => answer(() => resolve(decodeMessage(bytes, contract.maxBytes, contract.response)), bytes),
          (error: unknown) => answer(() => reject(this.refusal(error)), new Uint8Array(0)),
        );
      };
      if (this.alive) this.wire.send({ from: this.self, to: server.at.self, name, payload, act });
    });
  }

  serve<Req, Res>(contract: RpcContract<Req, Res>, handler: RpcHandler<Req, Res>, options: ServeOptions = {}): Promise<Stop> {
    const subject = subjectOf(contract, options.node);
    const receive = async (payload: Bytes): Promise<Bytes> =>
      encodeMessage(await handler(decodeMessage(payload, contract.maxBytes, contract.request)), contract.maxBytes);
    this.wire.servers.set(subject, { at: this, receive });
    return Promise.resolve(() => Promise.resolve(void this.wire.servers.delete(subject)));
  }

  broadcast<Message>(contract: BroadcastContract<Message>, fleetId: string, message: Message): boolean {
    if (!this.alive) return false;
    const payload = encodeMessage(message, contract.maxBytes);
    const name = contract.capability;
    this.wire.said.push({ from: this.self, name, payload });
    for (const { subject, at, hear } of this.wire.listeners) {
      const act = (): void => {
        if (at.alive) hear(payload);
      };
      if (subject === subjectOf(contract, fleetId)) this.wire.send({ from: this.self, to: at.self, name, payload, act });
    }
    return true;
  }

  onBroadcast<Message>(
    contract: BroadcastContract<Message>,
    fleetId: string,
    handler: (message: Message) => void | Promise<void>,
  ): Promise<Stop> {
    const hear = (payload: Bytes): void => {
      const handled = Promise.resolve(handler(decodeMessage(payload, contract.maxBytes, contract.message)));
      handled.catch((error: unknown) => this.wire.failures.push(error));
    };
    const listener = { subject: subjectOf(contract, fleetId), at: this, hear };
    this.wire.listeners.push(listener);
    return Promise.resolve(() => Promise.resolve(void this.wire.listeners.splice(this.wire.listeners.indexOf(listener), 1)));
  }

  emit<Data>(contract: EventContract<Data>, data: Data): boolean {
    contract.data.parse(data);
    if (this.alive) this.wire.events.push({ from: this.self, type: contract.subject });
    return this.alive;
  }

  private refusal(error: unknown): VaultError {
    if (error instanceof VaultError) return error;
    this.wire.failures.push(error);
    return new VaultError('INTERNAL', 'something went wrong inside');
  }
}
