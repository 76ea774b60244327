import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeSigner, SILENT_LOG } from '@strongroom/platform';
import { PublicServer, Witness, WitnessFiles, FolderDisk, witnessRoute, type WitnessAddress } from '@strongroom/tlog';
import {
  assembleNote,
  bundleDigest,
  formatSignatureLine,
  parseBundle,
  parseNote,
  signNoteText,
  verifyBundle,
  type TrustRoot,
} from '@strongroom/transparency';
import {
  auditorSigner,
  evidenceLogSigner,
  exampleFleet,
  exampleNote,
  exampleText,
  exampleTrustedLog,
  loggedTrustRoot,
  logSigner,
  NOW_SECONDS,
  operatorSigner,
  witnessName,
  witnessSigners,
} from '@strongroom/transparency/example';
import { toHex } from '@strongroom/protocol';
import { MemoryAuditStore } from '../audit/audit.memory.js';
import { AuditorLogs } from './auditor-logs.js';
import { BundleLogService } from './bundle-log.service.js';

const trustRoot: TrustRoot = loggedTrustRoot;
const nowMs = (): number => NOW_SECONDS * 1000;

let dir: string;
let store: MemoryAuditStore;
let witnesses: { address: WitnessAddress; server: PublicServer }[];
let logs: AuditorLogs | undefined;

async function startWitness(i: number): Promise<{ address: WitnessAddress; server: PublicServer }> {
  const signer = witnessSigners[i - 1] ?? nodeSigner(new Uint8Array(32));
  const files = new WitnessFiles(await FolderDisk.open(join(dir, `witness-${i}`)));
  const witness = new Witness({ name: witnessName(i), signer, logs: [exampleTrustedLog.vkey], store: files, nowMs });
  const server = await PublicServer.listen({ port: 0, host: '127.0.0.1', routes: [witnessRoute('/', witness)], log: SILENT_LOG });
  return { address: { vkey: witness.vkey, url: `http://127.0.0.1:${server.port}/` }, server };
}

async function open(folder = 'logs'): Promise<BundleLogService> {
  const keys = [
    { vkey: exampleTrustedLog.vkey, signer: logSigner },
    ...(exampleTrustedLog.evidence ? [{ vkey: exampleTrustedLog.evidence, signer: evidenceLogSigner }] : []),
  ];
  logs = await AuditorLogs.open({
    folder: join(dir, folder),
    keys,
    trusted: exampleTrustedLog,
    witnesses: witnesses.map(({ address }) => address),
    witnessTimeoutMs: 1_000,
    refreshMs: 86_400_000,
    nowMs,
    log: SILENT_LOG,
    onLook: () => undefined,
  });
  return new BundleLogService(logs.queue, logs.cosigner, store, { trustRoot, signer: auditorSigner, allowBenchSuite: true });
}

/** The next bundle, in the auditor's record. */
async function signNext(previous?: string): Promise<string> {
  const text = exampleText(previous, [exampleFleet()], trustRoot);
  const signatureLine = formatSignatureLine(signNoteText(text, trustRoot.auditor.name, auditorSigner));
  await store.keep({ epoch: parseBundle(text).epoch, digest: toHex(bundleDigest(text)), text, signatureLine }, []);
  return text;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-bundle-log-'));
  store = new MemoryAuditStore();
  witnesses = await Promise.all([1, 2].map(startWitness));
});

afterEach(async () => {
  await logs?.onApplicationShutdown();
  for (const { server } of witnesses) await server.close();
  await rm(dir, { recursive: true });
});

describe('the log of the bundles', () => {
  it('logs a bundle, has witnesses cosign, and gives a proof that any client accepts, each time', async () => {
    const service = await open();
    const first = await signNext();
    const source = await service.log(exampleNote(first));
    const verified = verifyBundle({ source, trustRoot, memory: undefined, purpose: 'register', nowMs: nowMs() });
    expect(verified.checks.filter(({ outcome }) => outcome !== 'ok').map(({ check }) => check)).toEqual(['memory-saved']);
    expect(await service.log(exampleNote(first))).toBe(source);
    const second = await service.log(exampleNote(await signNext(first)));
    const next = verifyBundle({ source: second, trustRoot, memory: verified.memory, purpose: 'register', nowMs: nowMs() });
    expect(next.bundle.epoch).toBe(2);
    // No longer the head: a client refuses it, and the log says so by its index.
    expect(() => verifyBundle({ source, trustRoot, memory: next.memory, purpose: 'register', nowMs: nowMs() })).toThrow();
  });

  it('keeps a bundle that too few witnesses saw and proves it when they are back', async () => {
    for (const { server } of witnesses) await server.close();
    const note = exampleNote(await signNext());
    await expect((await open()).log(note)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await logs?.onApplicationShutdown();
    witnesses = await Promise.all([1, 2].map(startWitness));
    expect(await (await open()).log(note)).toContain('index 0\n');
  });

  it('grows to the same tree from the record when its disk was lost: witnesses go on', async () => {
    const service = await open();
    const first = await signNext();
    await service.log(exampleNote(first));
    const second = await signNext(first);
    await service.log(exampleNote(second));
    const before = logs?.queue.writer.current.checkpoint;
    await logs?.onApplicationShutdown();
    const anew = await open('new-disk');
    expect(await anew.log(exampleNote(second))).toContain('index 1\n');
    expect(logs?.queue.writer.current.checkpoint).toEqual(before);
  });

  it('refuses what both roles have not signed, what is not in its record, and a gap', async () => {
    const service = await open();
    const first = await signNext();
    const half = assembleNote(first, [signNoteText(first, trustRoot.operator.name, operatorSigner)]);
    await expect(service.log(half)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(service.log('nothing')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const unknown = exampleText(first, [exampleFleet()], trustRoot);
    await expect(service.log(exampleNote(unknown))).rejects.toMatchObject({ code: 'CONFLICT' });
    const third = exampleText(await signNext(first), [exampleFleet()], trustRoot);
    store = new MemoryAuditStore();
    await store.keep({ epoch: 3, digest: toHex(bundleDigest(third)), text: third, signatureLine: '' }, []);
    await logs?.onApplicationShutdown();
    await expect((await open()).log(exampleNote(third))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(logs?.queue.writer.current.checkpoint.size).toBe(0);
    expect(parseNote(exampleNote(third)).text).toBe(third);
  });
});
