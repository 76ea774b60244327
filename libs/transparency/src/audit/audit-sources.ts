import type { LogSource } from '../source/log-source.js';
import type { DeploymentSource } from './deployment-line.js';
import type { PossessionSource } from './possession-line.js';

/** What shows a checkpoint of the log: a mirror, a witness, what was saved before. */
export type ViewSource = {
  /** As a person knows it. */
  readonly name: string;
  /** `undefined` when it has none yet. @throws SourceUnavailable */
  checkpoint(): Promise<Uint8Array | undefined>;
};

/** A mirror can also be asked for what the log hides. */
export type MirrorSource = { readonly name: string; readonly source: LogSource };

/**
 * Where an audit looks. Every read has a deadline and a limit of its own, and throws SourceUnavailable when nothing
 * was learnt; nothing that is read is believed.
 */
export type AuditSources = {
  readonly log: LogSource;
  readonly mirrors: readonly MirrorSource[];
  readonly witnesses: readonly ViewSource[];
  /** The signed bundle of an epoch as it was published, bare or in its proof; `undefined` when there is none. */
  readonly publishedBundle?: ((epoch: number) => Promise<string | undefined>) | undefined;
  /** What the fleet's gateway shows to clients. */
  readonly servedBundle?: (() => Promise<string | undefined>) | undefined;
  /** Who shows deployment statements, and how they are judged. */
  readonly deployments?: DeploymentSource | undefined;
  /** Who passes a question on to the nodes that run now. */
  readonly possession?: PossessionSource | undefined;
  /** The checkpoint that the last audit saved, verbatim. */
  readonly saved?: Uint8Array | undefined;
};
