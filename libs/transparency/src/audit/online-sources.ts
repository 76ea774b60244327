import { fromUtf8 } from '../encoding/octets.js';
import type { LogSource } from '../source/log-source.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { AuditSources, ViewSource } from './audit-sources.js';
import type { DeploymentSource } from './deployment-line.js';
import { deploymentAt, possessionAt, servedBy } from './gateway-answers.js';
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

/** What a tool brings along. */
export type AuditMeans = {
  /** Asks one of the places. */
  readonly open: (url: string) => LogSource;
  readonly checkDeployment: DeploymentSource['check'];
  /** 32 bytes that nobody could foresee. */
  readonly nonce: Uint8Array;
};

/** The same places for every tool that audits. */
export function onlineSources(places: AuditPlaces, root: TrustRoot, { open, checkDeployment, nonce }: AuditMeans): AuditSources {
  const { log, mirrors } = places;
  const gateway = places.gateway === undefined ? undefined : open(places.gateway);
  const known = root.log?.witnesses.witnesses.flatMap(({ url }) => url ?? []) ?? [];
  const witnesses = places.witnesses.length > 0 ? places.witnesses : known;
  const origin = root.log?.vkey.name;
  const [publisher] = mirrors;
  return {
    log: open(log),
    mirrors: mirrors.map((url) => ({ name: url, source: open(url) })),
    witnesses: origin === undefined ? [] : witnesses.map((url) => witnessOf(url, origin, open(url))),
    publishedBundle: publisher === undefined ? undefined : publishedAt(open(new URL('../bundles/', publisher).href)),
    servedBundle: gateway && (() => servedBy(gateway)),
    deployments: gateway && { read: (digest) => deploymentAt(gateway, digest), check: checkDeployment },
    possession: gateway && { nonce, ask: (fleetId, asked) => possessionAt(gateway, fleetId, asked) },
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
