import { allDeploymentChecks, fromBase64url, nobleVerifier, VaultError } from '@strongroom/protocol';
import {
  auditLog,
  deploymentAt,
  FetchedSource,
  missingConsistency,
  onlineSources,
  parseTrustRoot,
  servedBy,
  SourceUnavailable,
  type AuditMeans,
  type AuditPlaces,
  type AuditReport,
  type Fetch,
  type LogSource,
} from '@strongroom/transparency';
import { judgeBundle, type JudgedBundle } from '../judge/judge-bundle.js';
import { hexOf, memoryOf, type SeenJson } from '../judge/seen.js';

export type LiveQuestion = {
  readonly trustRoot: string;
  readonly places: AuditPlaces;
  readonly seen: { readonly memory: SeenJson | null; readonly checkpoint: string | null };
  readonly nowMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, size: number) => void;
};

export type LiveAnswer = {
  readonly report: AuditReport;
  /** The bundle that the gateway serves; `undefined` without a gateway, or when it answers nothing. */
  readonly served: { readonly source: string; readonly judged: JudgedBundle } | undefined;
  /** The envelope of the deployment that this bundle names. */
  readonly deployment: string | undefined;
  /** What could not be asked, in words. */
  readonly silent: readonly string[];
};

/** More than any two trees need. */
const MAX_PROOF_HASHES = 128;

/** Everything that the command `strongroom audit` does, and the twenty checks of the bundle that clients get. */
export async function auditLive(question: LiveQuestion, ask: Fetch): Promise<LiveAnswer> {
  const { places, seen, nowMs, signal, onProgress } = question;
  const root = parseTrustRoot(question.trustRoot);
  const open = (url: string): LogSource => new FetchedSource(url, ask, signal);
  const silent: string[] = [];
  const gateway = places.gateway === undefined ? undefined : open(places.gateway);
  const source = gateway && (await orSilent(() => servedBy(gateway), silent));
  const served = gateway && source !== undefined ? await judgeServed(question, source, gateway, silent) : undefined;
  signal.throwIfAborted();
  const saved = seen.checkpoint === null ? undefined : new TextEncoder().encode(seen.checkpoint);
  const means: AuditMeans = { open, checkDeployment, nonce: crypto.getRandomValues(new Uint8Array(32)) };
  const report = await auditLog({ trustRoots: [root], sources: { ...onlineSources(places, root, means), saved }, nowMs, onProgress });
  signal.throwIfAborted();
  const named = served?.judged.verified?.bundle.deployment;
  const deployment = gateway && named && (await orSilent(() => deploymentAt(gateway, hexOf(named)), silent));
  signal.throwIfAborted();
  return { report, served, deployment, silent };
}

const checkDeployment: AuditMeans['checkDeployment'] = (envelope, trustRoot) =>
  allDeploymentChecks(envelope, trustRoot, 'all', nobleVerifier);

async function judgeServed(
  { trustRoot, seen: { memory }, nowMs }: LiveQuestion,
  source: string,
  gateway: LogSource,
  silent: string[],
): Promise<NonNullable<LiveAnswer['served']>> {
  const gap = missingConsistency(source, memory ? memoryOf(memory) : undefined);
  const consistency = gap && (await orSilent(() => consistencyAt(gateway, gap.oldSize, gap.newSize), silent));
  return { source, judged: judgeBundle({ source, trustRoot, purpose: 'register', nowMs, memory, consistency: consistency ?? null }) };
}

async function consistencyAt(gateway: LogSource, oldSize: number, newSize: number): Promise<readonly string[] | undefined> {
  const bytes = await gateway.file(`v1/fleet-bundle/consistency/${oldSize}/${newSize}`);
  return bytes && hashesIn(new TextDecoder().decode(bytes));
}

/** What is no proof is none: check 16 then refuses. */
function hashesIn(text: string): readonly string[] | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const proof: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'proof') : undefined;
    if (!Array.isArray(proof) || proof.length > MAX_PROOF_HASHES) return undefined;
    return proof.map((hash: unknown) => hexOf(fromBase64url(String(hash))));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof VaultError) return undefined;
    throw error;
  }
}

async function orSilent<T>(run: () => Promise<T | undefined>, silent: string[]): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    silent.push(error.message);
    return undefined;
  }
}
