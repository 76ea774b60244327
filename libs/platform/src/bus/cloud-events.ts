import { randomUUID } from 'node:crypto';
import { cloudEventSchema, MAX_EVENT_BYTES, type CloudEvent, type EventContract } from '@strongroom/contracts';
import { invalid, utf8, type Bytes } from '@strongroom/protocol';
import { parsed } from './codec.js';

/** What an emitter may fix: an outbox keeps id and time of the moment the fact was stored. */
export interface EventStamp {
  readonly id?: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** CloudEvents `source`, as in `/hsm-node/main-1`. */
  readonly source: string;
}

/** @throws REQUEST_INVALID when the data does not fit the contract: nothing unchecked is told to the world */
export function toCloudEvent<Data>(contract: EventContract<Data>, data: Data, stamp: EventStamp): CloudEvent {
  return {
    specversion: '1.0',
    id: stamp.id ?? randomUUID(),
    source: stamp.source,
    type: contract.subject,
    time: new Date(stamp.timeMs).toISOString(),
    datacontenttype: 'application/json',
    data: parsed(contract.data, data),
  };
}

/** @throws REQUEST_INVALID above MAX_EVENT_BYTES */
export function encodeEvent(event: CloudEvent): Bytes {
  const bytes = utf8(JSON.stringify(event));
  if (bytes.length > MAX_EVENT_BYTES) throw invalid('event', `is longer than ${MAX_EVENT_BYTES} bytes`);
  return bytes;
}

/** @throws REQUEST_INVALID when it is too long, not JSON, or not a CloudEvent */
export function decodeEvent(bytes: Bytes): CloudEvent {
  if (bytes.length > MAX_EVENT_BYTES) throw invalid('event', `is longer than ${MAX_EVENT_BYTES} bytes`);
  return parsed(cloudEventSchema, json(bytes));
}

function json(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid('event', cause instanceof SyntaxError ? 'is not JSON' : 'is not UTF-8');
  }
}
