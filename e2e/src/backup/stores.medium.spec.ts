import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  abandonUpload,
  decryptBackup,
  downloadBackup,
  encryptBackup,
  iterated,
  uploadBackup,
  type BackupStore,
  type ByteSource,
  type StoreFetch,
  type UploadState,
} from '@strongroom/client/backup';
import { SystemRandom } from '@strongroom/platform';
import { startS3, startWebDav, type StoreProcess } from './store-process.js';

const random = new SystemRandom();
const key = random.bytes(32);
const MIB = 1 << 20;
/** Three parts of eight MiB, the last one shorter. */
const SIZE = 20 * MIB + 12_345;
/** Tests wait for no server that is gone. */
const quick = { clock: { nowMs: Date.now, wait: () => new Promise<void>((resolve) => setTimeout(resolve, 10)) } };
const brief = { ...quick, tries: 2 };

async function collect(source: ByteSource | Promise<ByteSource>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of iterated(await source)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sealed = async (content: Uint8Array<ArrayBuffer>): Promise<Blob> =>
  new Blob([new Uint8Array(await collect(encryptBackup(key, new Blob([content]).stream())))]);
const opened = (store: BackupStore): Promise<Buffer> => collect(downloadBackup(store, quick).then((file) => decryptBackup(key, file)));

/** Uploads until so many parts were acknowledged, as an app that is closed then. */
async function closedAfter(file: Blob, store: BackupStore, parts: number): Promise<UploadState> {
  const closed = new AbortController();
  let kept: UploadState | undefined;
  const onState = (state: UploadState): void => {
    kept = structuredClone(state);
    if (state.receipts.length === parts) closed.abort(new Error('the app was closed'));
  };
  await expect(uploadBackup(file, store, { ...quick, onState, signal: closed.signal })).rejects.toThrow('the app was closed');
  if (kept === undefined) throw new Error('nothing was kept');
  return kept;
}

describe.each([
  ['a folder of a WebDAV server', startWebDav],
  ['an object of an S3 server', startS3],
])('%s', (_, start) => {
  let place: StoreProcess;
  let content: Uint8Array<ArrayBuffer>;
  let file: Blob;
  let later: Blob;

  beforeAll(async () => {
    place = await start();
    content = new Uint8Array(Buffer.alloc(SIZE, random.bytes(4_096)));
    [file, later] = await Promise.all([sealed(content), sealed(new Uint8Array([1, 2, 3]))]);
  });
  afterAll(() => place.end());

  const brokenOff = (store: BackupStore, parts: number): Promise<UploadState> => closedAfter(file, store, parts);

  it('keeps a backup and gives it back, telling how far it is', async () => {
    const store = place.store('whole');
    await expect(downloadBackup(store, quick)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const up: number[] = [];
    const down: number[] = [];
    await uploadBackup(file, store, { ...quick, onProgress: (done) => up.push(done) });
    const stored = await collect(downloadBackup(store, { ...quick, onProgress: (done) => down.push(done) }));
    expect(up).toEqual([8 * MIB, 16 * MIB, file.size]);
    expect(down.at(-1)).toBe(file.size);
    expect(stored.equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
    expect((await opened(store)).equals(content)).toBe(true);
  });

  it('goes on with an upload where the app was closed, also after the server was killed', async () => {
    const kept = await brokenOff(place.store('resumed'), 2);
    await place.server.kill9();
    await place.server.start();
    let sent = 0;
    const counting =
      (inner: StoreFetch): StoreFetch =>
      (url, init) => {
        if (init.body instanceof Blob) sent += init.body.size;
        return inner(url, init);
      };
    const store = place.store('resumed', counting);
    await uploadBackup(file, store, { ...quick, resume: structuredClone(kept) });
    expect(sent).toBe(file.size - 16 * MIB);
    expect((await opened(store)).equals(content)).toBe(true);
  });

  it('outlives a server that is killed in the middle of an upload and of a download', async () => {
    const store = place.store('outlived');
    const ground = { ...quick, tries: 5_000 };
    const starts: Promise<void>[] = [];
    const strike = async (): Promise<void> => {
      await place.server.kill9();
      starts.push(place.server.start());
    };
    await uploadBackup(file, store, { ...ground, onState: ({ receipts }) => (receipts.length === 1 ? strike() : undefined) });
    await Promise.all(starts);
    const reader = (await downloadBackup(store, ground)).getReader();
    const chunks: Uint8Array[] = [];
    for (let part = await reader.read(), at = 0; !part.done; part = await reader.read()) {
      chunks.push(part.value);
      at += part.value.length;
      if (at > 9 * MIB && starts.length === 1) await strike();
    }
    await Promise.all(starts);
    expect(starts).toHaveLength(2);
    expect(Buffer.concat(chunks).equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
  });

  it('knows that it is done when only the answer to its last request was lost, also after the app was closed', async () => {
    let lost = 0;
    let kept: UploadState | undefined;
    const losing =
      (inner: StoreFetch): StoreFetch =>
      async (url, init) => {
        const response = await inner(url, init);
        const isLast = typeof init.body === 'string';
        if (!isLast || lost > 0) return response;
        lost += 1;
        await response.arrayBuffer();
        throw new TypeError('the line is gone');
      };
    const store = place.store('answered-late', losing);
    await uploadBackup(file, store, { ...quick, onState: (state) => void (kept = structuredClone(state)) });
    expect(lost).toBe(1);
    await uploadBackup(file, store, { ...quick, resume: kept });
    expect((await opened(store)).equals(content)).toBe(true);
  });

  it('keeps the backup before it until all of another one is there, and never mixes them', async () => {
    const store = place.store('replaced');
    await uploadBackup(later, store, quick);
    const kept = await brokenOff(store, 2);
    expect([...(await opened(store))]).toEqual([1, 2, 3]);
    const other = new Blob([later, later]);
    await expect(uploadBackup(other, store, { ...quick, resume: kept })).rejects.toMatchObject({ metadata: { field: 'resume' } });
    const sameLength = await sealed(content);
    await expect(uploadBackup(sameLength, store, { ...quick, resume: kept })).rejects.toMatchObject({ metadata: { field: 'resume' } });
    await uploadBackup(file, store, { ...quick, resume: kept });
    expect((await opened(store)).equals(content)).toBe(true);
  });

  it('does not go on with a download when another backup took its place', async () => {
    const store = place.store('overtaken');
    await uploadBackup(file, store, quick);
    let cut = (): void => undefined;
    const cutting =
      (inner: StoreFetch): StoreFetch =>
      async (url, init) => {
        const line = new AbortController();
        cut = () => line.abort();
        return inner(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, line.signal]) : line.signal });
      };
    const reader = (await downloadBackup(place.store('overtaken', cutting), quick)).getReader();
    let at = 0;
    while (at < 9 * MIB) at += (await reader.read()).value?.length ?? 0;
    await uploadBackup(later, store, quick);
    cut();
    const rest = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect([...(await opened(store))]).toEqual([1, 2, 3]);
  });

  it('is closed to a login that the server does not know, and to nobody named in an error', async () => {
    const refusal: unknown = await uploadBackup(later, place.stranger('closed'), brief).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'FORBIDDEN' });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('127.0.0.1');
    await expect(downloadBackup(place.store('closed'), brief)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is given up after some tries when no server answers', async () => {
    await place.server.kill9();
    try {
      await expect(uploadBackup(later, place.store('silent'), brief)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(downloadBackup(place.store('silent'), brief)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    } finally {
      await place.server.start();
    }
  });
});

// On WebDAV alone: s3rver knows no AbortMultipartUpload.
describe('an upload that is given up', () => {
  it('is forgotten, which whoever goes on with it is told, and the backup before it stays', async () => {
    const place = await startWebDav();
    try {
      const store = place.store('given-up');
      await uploadBackup(await sealed(new Uint8Array([1, 2, 3])), store, quick);
      const file = await sealed(new Uint8Array(SIZE));
      const kept = await closedAfter(file, store, 1);
      await abandonUpload(kept, store, quick);
      await expect(uploadBackup(file, store, { ...brief, resume: kept })).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:NOT_FOUND|CONFLICT)$/),
      });
      expect([...(await opened(store))]).toEqual([1, 2, 3]);
    } finally {
      await place.end();
    }
  });
});
