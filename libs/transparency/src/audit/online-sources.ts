import { fromUtf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { SourceUnavailable, type LogSource } from '../source/log-source.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { AuditSources, ViewSource } from './audit-sources.js';
import { originHash } from './origin-hash.js';

/** Where an audit finds things online, as URL prefixes. */
export type AuditPlaces = {
  readonly log: string;
  /** The first has the signed bundles beside it, each under its epoch. */
  readonly mirrors: readonly string[];
  /** By submission prefix; those that the trust root has a URL for when there are none. */
  readonly witnesses: readonly string[];
  readonly gateway?: string | undefined;
};

/** The same places for every tool that audits; `open` asks one of them. */
export function onlineSources(places: AuditPlaces, root: TrustRoot, open: (url: string) => LogSource): AuditSources {
  const { log, mirrors, gateway } = places;
  const known = root.log?.witnesses.witnesses.flatMap(({ url }) => url ?? []) ?? [];
  const witnesses = places.witnesses.length > 0 ? places.witnesses : known;
  const origin = root.log?.vkey.name;
  const [publisher] = mirrors;
  return {
    log: open(log),
    mirrors: mirrors.map((url) => ({ name: url, source: open(url) })),
    witnesses: origin === undefined ? [] : witnesses.map((url) => witnessOf(url, origin, open(url))),
    publishedBundle: publisher === undefined ? undefined : publishedAt(open(new URL('../bundles/', publisher).href)),
    servedBundle: gateway === undefined ? undefined : () => servedBy(open(gateway)),
  };
}

/** Signed bundles in a folder, each under its epoch. */
export function publishedAt(source: LogSource): (epoch: number) => Promise<string | undefined> {
  return async (epoch) => {
    const bytes = await source.file(String(epoch));
    return bytes && fromUtf8(bytes, 'bundle');
  };
}

function witnessOf(url: string, origin: string, source: LogSource): ViewSource {
  return { name: url, checkpoint: () => source.file(`${originHash(origin)}/checkpoint`) };
}

/** The newest bundle at a gateway's door. @throws SourceUnavailable for an answer that is no bundle's */
export async function servedBy(gateway: LogSource): Promise<string | undefined> {
  const bytes = await gateway.file('v1/fleet-bundle');
  return bytes && textIn(bytes, 'note', 'bundle');
}

/** The text under one name of a gateway's JSON answer. @throws SourceUnavailable */
export function textIn(bytes: Uint8Array, name: string, what: string): string {
  const answer = jsonOf(bytes);
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
  if (typeof value !== 'string') throw new SourceUnavailable(`the gateway answers with something else than a ${what}`);
  return value;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes, 'answer'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof FormatError)) throw cause;
    throw new SourceUnavailable('the gateway answers with something else than JSON', { cause });
  }
}
