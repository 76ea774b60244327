import { FormatError } from '../errors/format-error.js';

/** What a document of ours may hold: no floating-point numbers, no null. */
export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** Printable ASCII and line feeds: nothing that two readers could show or compare differently. */
const TEXT = /^[\n -~]*$/;

/**
 * The one encoding of a document: RFC 8785 (members sorted by name, no white space), and narrower than that: strings of
 * printable ASCII and line feeds, whole numbers from 0 to 2^53 - 1. Any JCS library gives the same bytes.
 * @throws FormatError naming `field` for what cannot be written so
 */
export function canonicalJson(value: Json, field = 'document'): string {
  if (typeof value === 'string') {
    if (!TEXT.test(value)) throw new FormatError(field, 'has characters beyond printable ASCII');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) throw new FormatError(field, 'is not a whole number from 0');
    return String(value);
  }
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map((each, i) => canonicalJson(each, `${field}.${i}`)).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${canonicalJson(name, field)}:${canonicalJson(each, `${field}.${name}`)}`).join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** @throws FormatError naming `field` */
export function parseJson(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(field, 'is not JSON', { cause });
  }
}
