import { z } from 'zod';
import { isStrict } from './strictness.js';
import { baseSubject, type ContractName } from './subject.js';

export interface EventDefinition<Data> extends ContractName {
  readonly version: 1;
  /** Tolerant: unknown keys of a newer emitter are ignored. Never an account id, a token or a secret. */
  readonly data: z.ZodType<Data>;
  /** One line for the subject table and AsyncAPI. */
  readonly summary: string;
}

export interface EventContract<Data> extends EventDefinition<Data> {
  readonly kind: 'event';
  readonly addressed: false;
  /** The subject and the CloudEvents `type`. */
  readonly subject: string;
}

export type DataOf<Contract> = Contract extends EventContract<infer Data> ? Data : never;

/** The CloudEvents 1.0 JSON envelope; attributes beyond these are kept (CloudEvents 1.0 section 3, extensions). */
export const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  /** Stable: a consumer that has seen it ignores the message. */
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(256),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
});

export type CloudEvent = Readonly<z.infer<typeof cloudEventSchema>>;

/** Largest event on the wire, in bytes. */
export const MAX_EVENT_BYTES = 65_536;

/** A fact that has happened (`verb` in the past tense), on `strongroom.evt.<owner>.<capability>.<verb>.v1`. */
export function defineEvent<Data>(definition: EventDefinition<Data>): EventContract<Data> {
  if (isStrict(definition.data)) throw new TypeError(`the data of ${definition.verb} must tolerate unknown keys`);
  return Object.freeze({
    ...definition,
    kind: 'event' as const,
    addressed: false as const,
    subject: baseSubject('evt', definition),
  });
}
