import { toHex } from '@strongroom/protocol';
import type { PublicAnswer, Route } from '@strongroom/tlog';
import { plain } from '@strongroom/tlog';
import type { PlexiEpochs, SignedRoot } from './plexi-epochs.js';
import { encodeSignatureMessage, PROTOBUF_ED25519 } from './signature-message.js';

const EPOCH = /^[1-9]\d{0,8}$/;

/**
 * The read API of Plexi (plexi_core, client/mod.rs): `/info`, `/namespaces`, `/namespaces/<ns>`, its
 * `last-verified-epoch`, and `audits/<epoch>`. A namespace keeps its slashes, as Plexi's own client writes them.
 */
export function plexiRoute(epochs: PlexiEpochs): Route {
  const { namespace, publicKey } = epochs;
  const answers = new Map<string, () => Promise<object | undefined>>([
    ['/info', async () => ({ keys: [{ public_key: toHex(publicKey), not_before: 0 }], logs: [namespace] })],
    ['/namespaces', async () => ({ namespaces: [await namespaceInfo(epochs)] })],
    [`/namespaces/${namespace}`, () => namespaceInfo(epochs)],
    [`/namespaces/${namespace}/last-verified-epoch`, () => lastVerified(epochs)],
  ]);
  const audits = `/namespaces/${namespace}/audits/`;
  return async ({ method, path }) => {
    const known = answers.get(path) ?? (path.startsWith(audits) ? auditOf(epochs, path.slice(audits.length)) : undefined);
    if (!known) return undefined;
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'GET only\n');
    const answer = await known();
    return answer ? json(answer) : plain(404, 'not found\n');
  };
}

/** `NamespaceInfo`. Without a `log_directory` Plexi's tools look for no AKD proof: our log has C2SP ones. */
async function namespaceInfo(epochs: PlexiEpochs): Promise<object> {
  const { namespace: name } = epochs;
  const [size, first] = [epochs.size(), await epochs.signed(1)];
  return {
    name,
    log_directory: null,
    root: first ? `1/${toHex(first.digest)}` : null,
    ...(first && { last_verified_epoch: size }),
    status: first ? 'Online' : 'Initialization',
    reports_uri: `/namespaces/${name}/reports`,
    audits_uri: `/namespaces/${name}/audits`,
    signature_version: PROTOBUF_ED25519,
    ciphersuite: PROTOBUF_ED25519,
  };
}

/** `LastVerifiedEpoch`. */
async function lastVerified(epochs: PlexiEpochs): Promise<object | undefined> {
  const last = await epochs.signed(epochs.size());
  if (!last) return undefined;
  const { epoch, digest, previous, timestampMs } = last;
  return { job_id: jobId(digest), epoch, start_hash: toHex(previous), end_hash: toHex(digest), timestamp: timestampMs };
}

/** `SignatureResponse`. */
function auditOf(epochs: PlexiEpochs, epoch: string): () => Promise<object | undefined> {
  return async () => {
    const signed = EPOCH.test(epoch) ? await epochs.signed(Number(epoch)) : undefined;
    return signed && signatureResponse(epochs, signed);
  };
}

function signatureResponse({ namespace, publicKey }: PlexiEpochs, { signature, ...message }: SignedRoot): object {
  const { timestampMs, epoch, digest } = message;
  return {
    version: PROTOBUF_ED25519,
    ciphersuite: PROTOBUF_ED25519,
    namespace,
    timestamp: timestampMs,
    epoch,
    digest: toHex(digest),
    signature: toHex(signature),
    key_id: publicKey[31],
    serialized_message: toHex(encodeSignatureMessage({ namespace, ...message })),
  };
}

/** Plexi names each check by a UUID; ours is made of the root that was checked (RFC 9562, version 8). */
function jobId(digest: Uint8Array): string {
  const bytes = digest.slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function json(value: object): PublicAnswer {
  return { status: 200, body: JSON.stringify(value), headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' } };
}
