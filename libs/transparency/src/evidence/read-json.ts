import { FormatError } from '../errors/format-error.js';
import type { Json } from './canonical-json.js';

/** Takes a value from outside as the type that it must have. @throws FormatError naming `field` */
export type Reader<T extends Json> = (value: unknown, field: string) => T;

type Shape = Readonly<Record<string, Reader<Json>>>;
export type ReadBy<R> = R extends Reader<infer T> ? T : never;

/** A string that the pattern, which must be anchored, admits. */
export function text(pattern: RegExp): Reader<string> {
  return (value, field) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new FormatError(field, 'is malformed');
    return value;
  };
}

/** One of these words. */
export function oneOf<const W extends string>(...words: readonly W[]): Reader<W> {
  return (value, field) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new FormatError(field, `is none of ${words.join(', ')}`);
    return found;
  };
}

export function whole(min: number, max: number): Reader<number> {
  return (value, field) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw new FormatError(field, `is not a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

export function list<T extends Json>(read: Reader<T>, min: number, max: number): Reader<readonly T[]> {
  return (value, field) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw new FormatError(field, `is not a list of ${min} to ${max}`);
    }
    return value.map((each: unknown, i) => read(each, `${field}.${i}`));
  };
}

/** Exactly these members: an unknown one could mean something to another reader. */
export function record<S extends Shape>(shape: S): Reader<{ readonly [K in keyof S]: ReadBy<S[K]> }>;
// The overload above is the type of what this builds: one member of the shape after the other.
export function record(shape: Shape): Reader<{ readonly [name: string]: Json }> {
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError(field, 'is not an object');
    const given = new Map<string, unknown>(Object.entries(value));
    for (const name of given.keys()) if (!Object.hasOwn(shape, name)) throw new FormatError(`${field}.${name}`, 'is unknown');
    return Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(given.get(name), `${field}.${name}`)]));
  };
}

export const hex32: Reader<string> = text(/^[0-9a-f]{64}$/);
export const sha256Name: Reader<string> = text(/^sha256:[0-9a-f]{64}$/);
export const sha256NameOrNone: Reader<string> = text(/^(?:none|sha256:[0-9a-f]{64})$/);

/** base64url without padding; whether the last character's spare bits are zero is for whoever decodes it. */
export function base64url(maxCharacters: number): Reader<string> {
  return text(new RegExp(`^[A-Za-z0-9_-]{0,${maxCharacters}}$`));
}
