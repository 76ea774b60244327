import type { OnApplicationShutdown } from '@nestjs/common';
import {
  subjectOf,
  type BroadcastContract,
  type CloudEvent,
  type EventContract,
  type RpcContract,
  type StreamApi,
} from '@strongroom/contracts';
import { invalid, type Bytes } from '@strongroom/protocol';
import { z } from 'zod';
import { SystemClock } from '../clock/clock.js';
import { SILENT_OBSERVER } from './bus-observer.js';
import type { BusOptions, CallOptions, ListenOptions, ServeOptions, Stop } from './bus-options.js';
import { decodeEvent, encodeEvent, toCloudEvent, type EventStamp } from './cloud-events.js';
import { decodeAnswer, decodeMessage, encodeMessage, parsed } from './codec.js';
import { connectWithin, type ConnectionState } from './connection.js';
import { keptBroadcasts } from './kept-broadcasts.js';
import { Link } from './link.js';
import { Listener } from './listener.js';
import type { BusTools } from './receiver.js';
import { unavailable } from './reply-inbox.js';
import { ServedContract, type RpcHandler } from './served-contract.js';

/** What `onEvent` follows: a contract, or everything there is. */
export type EventSource<Data> = Pick<EventContract<Data>, 'subject' | 'data'>;
export const ALL_EVENTS: EventSource<unknown> = { subject: 'strongroom.evt.>', data: z.unknown() };

export type MessageHandler<Message> = (message: Message) => void | Promise<void>;
export type EventHandler<Data> = (data: Data, event: CloudEvent) => void | Promise<void>;

interface ReceivedEvent<Data> {
  readonly event: CloudEvent;
  readonly data: Data;
}

const CONNECT_DEADLINE_MS = 10_000;
const MAX_IN_FLIGHT = 1024;

/**
 * The one way services talk: by contract, over NATS. Nothing is kept for a server that is away: calls fail at once
 * with FLEET_UNAVAILABLE, broadcasts and events are dropped, and subscriptions come back with the connection.
 */
export class Bus implements OnApplicationShutdown {
  private constructor(
    private readonly link: Link,
    private readonly tools: BusTools,
    private readonly source: string,
  ) {}

  /** @throws FLEET_UNAVAILABLE when no server answers within the deadline */
  static async connect(options: BusOptions): Promise<Bus> {
    const { url, nkeyFile, name, connectDeadlineMs = CONNECT_DEADLINE_MS, log } = options;
    const tools = { log, clock: options.clock ?? new SystemClock(), observer: options.observer ?? SILENT_OBSERVER };
    const connection = await connectWithin({ url, nkeyFile, name, connectDeadlineMs });
    return new Bus(new Link(connection, userOf(name), tools), tools, `/${name}`);
  }

  get state(): ConnectionState {
    return this.link.state;
  }

  /**
   * One request, one answer.
   * @throws VaultError as the other side answered it; FLEET_UNAVAILABLE (metadata.subject: the contract's name) when
   * there was no answer: no server, nobody serving, or too late. What was asked may have happened all the same.
   */
  async call<Req, Res>(contract: RpcContract<Req, Res>, request: Req, options: CallOptions = {}): Promise<Res> {
    const subject = subjectOf(contract, options.node);
    const payload = encodeMessage(request, contract.maxBytes);
    if (this.state !== 'connected') throw unavailable(contract.subject, 'has no connection');
    const { node, timeoutMs = contract.timeoutMs, signal } = options;
    return decodeAnswer(await this.link.inbox.ask(subject, payload, { name: contract.subject, node, timeoutMs, signal }), contract);
  }

  /** Answers a contract; instances share the requests unless it is addressed. Resolves when the server knows. */
  async serve<Req, Res>(contract: RpcContract<Req, Res>, handler: RpcHandler<Req, Res>, options: ServeOptions = {}): Promise<Stop> {
    const served = new ServedContract(contract, handler, options.maxInFlight ?? MAX_IN_FLIGHT, this.tools);
    const queue = contract.addressed ? undefined : contract.owner;
    return this.link.subscribe(subjectOf(contract, options.node), queue, served);
  }

  /** To every listener of the fleet, the sender included if it listens; at most once. @returns whether it was sent */
  broadcast<Message>(contract: BroadcastContract<Message>, fleetId: string, message: Message): boolean {
    return this.link.publish(subjectOf(contract, fleetId), contract.subject, encodeMessage(message, contract.maxBytes));
  }

  async onBroadcast<Message>(
    contract: BroadcastContract<Message>,
    fleetId: string,
    handler: MessageHandler<Message>,
    options: ListenOptions = {},
  ): Promise<Stop> {
    const decode = (payload: Bytes): Message => decodeMessage(payload, contract.maxBytes, contract.message);
    return this.listen(subjectOf(contract, fleetId), contract.subject, decode, handler, options);
  }

  /** Broadcasts that a stream of the server keeps, oldest first; none where it has no such stream. @throws FLEET_UNAVAILABLE */
  kept<Message>(contract: BroadcastContract<Message>, stream: Pick<StreamApi, 'info' | 'get'>): AsyncIterable<Message> {
    return keptBroadcasts(this.link.inbox, contract, stream);
  }

  /** Tells a fact at most once; a fact that must arrive goes through the outbox. @returns whether it was sent */
  emit<Data>(contract: EventContract<Data>, data: Data, stamp: Partial<EventStamp> = {}): boolean {
    return this.emitStored(toCloudEvent(contract, data, { timeMs: this.tools.clock.nowMs(), source: this.source, ...stamp }));
  }

  /** An event as the outbox keeps it. @returns whether it was sent; `flush` tells that it arrived */
  emitStored(event: CloudEvent): boolean {
    if (!/^strongroom\.evt(?:\.[a-z0-9-]+)+$/.test(event.type)) throw invalid('type', 'is not the subject of an event');
    return this.link.publish(event.type, event.type, encodeEvent(event));
  }

  /** Handles one kind of event, or with ALL_EVENTS each. The same event may come twice: `event.id` tells. */
  async onEvent<Data>(source: EventSource<Data>, handler: EventHandler<Data>, options: ListenOptions = {}): Promise<Stop> {
    const decode = (payload: Bytes): ReceivedEvent<Data> => {
      const event = decodeEvent(payload);
      return { event, data: parsed(source.data, event.data) };
    };
    return this.listen(source.subject, source.subject, decode, ({ data, event }) => handler(data, event), options);
  }

  /** Resolves when the server has taken everything sent before. @throws FLEET_UNAVAILABLE */
  flush(): Promise<void> {
    return this.link.flush();
  }

  /** Takes no more messages, answers those under way, closes: Nest calls it at shutdown. */
  onApplicationShutdown(): Promise<void> {
    return this.link.close();
  }

  private listen<T>(
    subject: string,
    name: string,
    decode: (payload: Bytes) => T,
    handler: MessageHandler<T>,
    options: ListenOptions,
  ): Promise<Stop> {
    const listener = new Listener(name, decode, handler, options.maxInFlight ?? MAX_IN_FLIGHT, this.tools);
    return this.link.subscribe(subject, options.queue, listener);
  }
}

function userOf(name: string): string {
  return name.split('/')[0] ?? name;
}
