import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  attemptEvaluate,
  entrySubmit,
  fromWireError,
  wireError,
  type RequestOf,
  type ResponseOf,
  type RpcContract,
} from '@strongroom/contracts';
import { Bus, SILENT_LOG } from '@strongroom/platform';
import { VaultError, type Bytes, type ErrorCode } from '@strongroom/protocol';
import { openUrlOf } from '@strongroom/stack';
import type { TestDevice, TestFleet } from '@strongroom/testing';
import type { BundleFleet } from '@strongroom/transparency';
import { unpack } from 'msgpackr';

export type Decided = ResponseOf<typeof entrySubmit>;
export type Evaluation = ResponseOf<typeof attemptEvaluate>;

/** A gateway gone bad, or anybody else who got onto the bus: it speaks every contract, with more rights on the bus than any service has, and holds no key of the fleet. */
export class Intruder {
  private constructor(
    readonly fleetId: string,
    readonly bus: Bus,
    readonly raw: NatsConnection,
  ) {}

  static async enter({ stack }: TestFleet): Promise<Intruder> {
    const url = openUrlOf(stack);
    const { host, username, password } = new URL(url);
    const credentials = username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    const bus = await Bus.connect({ url, name: 'intruder', log: SILENT_LOG });
    return new Intruder(stack.fleet.fleetId, bus, await connect({ servers: host, ...credentials }));
  }

  /** The fleet as its public bundle describes it. */
  async roster({ client }: TestDevice): Promise<BundleFleet> {
    const found = (await client.fleet()).fleets.find(({ fleetId }) => fleetId === this.fleetId);
    if (found === undefined) throw new Error('the bundle names no such fleet');
    return found;
  }

  call<Req, Res>(contract: RpcContract<Req, Res>, node: number, request: Req): Promise<Res> {
    return this.bus.call(contract, request, { node: this.address(node) });
  }

  address(node: number): string {
    return `${this.fleetId}-${node}`;
  }

  submit(node: number, entry: Bytes): Promise<Decided> {
    return this.call(entrySubmit, node, { entry });
  }

  evaluate(node: number, request: Omit<RequestOf<typeof attemptEvaluate>, 'waitMs'>, waitMs = 0): Promise<Evaluation> {
    return this.call(attemptEvaluate, node, { ...request, waitMs });
  }

  /** Sends raw bytes. @returns the code of the refusal, or `OK` */
  async rawRequest(subject: string, payload: Uint8Array, timeoutMs: number): Promise<ErrorCode | 'OK'> {
    const answer: unknown = unpack((await this.raw.request(subject, payload, { timeout: timeoutMs })).data);
    if (typeof answer !== 'object' || answer === null) throw new Error(`${subject} gave no coded answer`);
    return 'error' in answer ? fromWireError(wireError.parse(answer.error)).code : 'OK';
  }

  async leave(): Promise<void> {
    await this.raw.close();
    await this.bus.onApplicationShutdown();
  }
}

/** What a call was refused with. @throws when it was not refused, or by something else than a coded error */
export async function refusal(call: Promise<unknown>): Promise<VaultError> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof VaultError)) throw error;
  return error;
}

/** The code that a call was refused with. */
export async function codeOf(call: Promise<unknown>): Promise<ErrorCode> {
  return (await refusal(call)).code;
}
