import { subjectOf, type BroadcastContract, type RpcContract } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import type { Bus, CallOptions, Stop } from '@strongroom/platform';
import { GatewayBus } from '../fleet/gateway-bus.js';

type Handler = (request: never) => unknown;

/** One call that the gateway made. */
export interface RecordedCall {
  readonly subject: string;
  readonly request: unknown;
}

const stop: Stop = () => Promise.resolve();

/** For specs: the bus without a server. Requests and answers pass the contracts' schemas, as they do on the real one. */
export class FakeBus extends GatewayBus {
  override state: Bus['state'] = 'connected';
  readonly calls: RecordedCall[] = [];
  private readonly handlers = new Map<string, Handler>();
  private readonly listeners = new Map<string, (message: unknown, event?: unknown) => void>();

  serve<Req, Res>(contract: RpcContract<Req, Res>, node: string | undefined, handler: (request: Req) => Res | Promise<Res>): void {
    this.handlers.set(subjectOf(contract, node), handler);
  }

  /** From now on nobody answers there. */
  stopServing(contract: RpcContract<never, unknown> | { readonly subject: string; readonly addressed: boolean }, node?: string): void {
    this.handlers.delete(subjectOf(contract, node));
  }

  /** The calls of one contract, whatever node they went to. */
  callsOf(contract: { readonly subject: string }): readonly RecordedCall[] {
    return this.calls.filter(({ subject }) => subject.startsWith(contract.subject));
  }

  announce<Message>(contract: BroadcastContract<Message>, fleetId: string, message: Message): void {
    this.listeners.get(subjectOf(contract, fleetId))?.(contract.message.parse(message));
  }

  override readonly call = async <Req, Res>(contract: RpcContract<Req, Res>, request: Req, options: CallOptions = {}): Promise<Res> => {
    const subject = subjectOf(contract, options.node);
    this.calls.push({ subject, request });
    const handler = this.handlers.get(subject);
    if (handler === undefined) throw new VaultError('FLEET_UNAVAILABLE', `${contract.subject} has nobody to serve it`);
    return contract.response.parse(await Reflect.apply(handler, undefined, [contract.request.parse(request)]));
  };

  override readonly onBroadcast: Bus['onBroadcast'] = async (contract, fleetId, handler) => {
    this.listeners.set(subjectOf(contract, fleetId), (message) => void Reflect.apply(handler, undefined, [message]));
    return stop;
  };

  override readonly onEvent: Bus['onEvent'] = async (source, handler) => {
    this.listeners.set(source.subject, (message, event) => void Reflect.apply(handler, undefined, [source.data.parse(message), event]));
    return stop;
  };

  /** What the server's stream keeps. */
  readonly keeps: unknown[] = [];

  override readonly kept: Bus['kept'] = (contract) => keptIn(this.keeps, contract);

  /** Delivers an event's data, in the envelope if it matters. */
  tell(source: { readonly subject: string }, data: unknown, event?: Readonly<Record<string, unknown>>): void {
    this.listeners.get(source.subject)?.(data, event);
  }
}

async function* keptIn<Message>(messages: readonly unknown[], contract: BroadcastContract<Message>): AsyncGenerator<Message> {
  for (const message of messages) yield contract.message.parse(message);
}
