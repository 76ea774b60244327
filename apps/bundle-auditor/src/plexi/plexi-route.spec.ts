import { describe, expect, it } from '@jest/globals';
import { leafHash, treeRoot, verifyEd25519 } from '@strongroom/transparency';
import { auditorSigner, exampleText, loggedTrustRoot, NOW_MS } from '@strongroom/transparency/example';
import { fromHex, toHex } from '@strongroom/protocol';
import { MemoryAuditStore } from '../audit/audit.memory.js';
import type { PlexiLog } from './plexi-epochs.js';
import { PlexiEpochs } from './plexi-epochs.js';
import { plexiRoute } from './plexi-route.js';
import { encodeSignatureMessage } from './signature-message.js';

const first = exampleText(undefined, undefined, loggedTrustRoot);
const TEXTS = [first, exampleText(first, undefined, loggedTrustRoot)];
const LEAVES = TEXTS.map((text) => leafHash(Buffer.from(text)));
const NAMESPACE = loggedTrustRoot.namespace;
const rootOf = (size: number): string => toHex(treeRoot(LEAVES.slice(0, size)));

/** Status and JSON of the answer, `undefined` when the path is somebody else's. */
async function ask(path: string, size = 2, method = 'GET'): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
  const store = new MemoryAuditStore();
  for (const [i, text] of TEXTS.entries()) await store.keep({ epoch: i + 1, digest: '', text, signatureLine: '' }, []);
  const log: PlexiLog = { size: () => size, leafHashes: async (count) => LEAVES.slice(0, count) };
  const identity = { trustRoot: loggedTrustRoot, signer: auditorSigner, allowBenchSuite: false };
  const route = plexiRoute(new PlexiEpochs(log, store, identity));
  const answer = await route({ method, path, takesGzip: false, body: () => Promise.reject(new Error('not read')) });
  return answer && { status: answer.status, body: answer.status === 200 ? JSON.parse(String(answer.body)) : undefined };
}

describe('the read API of Plexi', () => {
  it('gives epoch, root and the auditor signature in the published form', async () => {
    const timestampMs = NOW_MS - 10_000;
    const digest = treeRoot(LEAVES);
    const message = encodeSignatureMessage({ namespace: NAMESPACE, timestampMs, epoch: 2, digest });
    const { body } = (await ask(`/namespaces/${NAMESPACE}/audits/2`)) ?? {};
    expect(body).toEqual({
      version: 1,
      ciphersuite: 1,
      namespace: NAMESPACE,
      timestamp: timestampMs,
      epoch: 2,
      digest: rootOf(2),
      signature: expect.stringMatching(/^[0-9a-f]{128}$/),
      key_id: auditorSigner.publicKey[31],
      serialized_message: toHex(message),
    });
    const { signature } = Object(body);
    expect(verifyEd25519(fromHex(String(signature)), message, auditorSigner.publicKey)).toBe(true);
  });

  it('tells the namespace, the key and the newest epoch', async () => {
    const info = {
      name: NAMESPACE,
      log_directory: null,
      root: `1/${rootOf(1)}`,
      last_verified_epoch: 2,
      status: 'Online',
      reports_uri: `/namespaces/${NAMESPACE}/reports`,
      audits_uri: `/namespaces/${NAMESPACE}/audits`,
      signature_version: 1,
      ciphersuite: 1,
    };
    expect(await ask('/namespaces')).toEqual({ status: 200, body: { namespaces: [info] } });
    expect(await ask(`/namespaces/${NAMESPACE}`)).toEqual({ status: 200, body: info });
    const keys = [{ public_key: toHex(auditorSigner.publicKey), not_before: 0 }];
    expect(await ask('/info')).toEqual({ status: 200, body: { keys, logs: [NAMESPACE] } });
    expect(await ask(`/namespaces/${NAMESPACE}/last-verified-epoch`)).toEqual({
      status: 200,
      body: {
        job_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        epoch: 2,
        start_hash: rootOf(1),
        end_hash: rootOf(2),
        timestamp: NOW_MS - 10_000,
      },
    });
  });

  it('is in its initialisation before the first bundle', async () => {
    expect(await ask(`/namespaces/${NAMESPACE}`, 0)).toMatchObject({ body: { status: 'Initialization', root: null } });
    expect(await ask(`/namespaces/${NAMESPACE}/last-verified-epoch`, 0)).toMatchObject({ status: 404 });
  });

  it('vouches for no epoch that the log does not hold, whatever was signed', async () => {
    expect(await ask(`/namespaces/${NAMESPACE}/audits/2`, 1)).toMatchObject({ status: 404 });
    for (const epoch of ['0', '3', '01', '1/', 'x', '99999999999']) {
      expect(await ask(`/namespaces/${NAMESPACE}/audits/${epoch}`)).toMatchObject({ status: 404 });
    }
  });

  it('takes reads alone, and knows no other path', async () => {
    expect(await ask('/info', 2, 'POST')).toMatchObject({ status: 405 });
    for (const path of ['/', '/namespaces/', '/namespaces/other', `/namespaces/${NAMESPACE}/reports/1`])
      expect(await ask(path)).toBeUndefined();
  });
});
