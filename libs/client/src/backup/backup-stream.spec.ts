import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { ageIdentity } from './age-identity.js';
import { decryptBackup, encryptBackup, reencryptBackup } from './backup-stream.js';
import { iterated, type ByteSource } from './byte-stream.js';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const otherKey = new Uint8Array(32).fill(9);
const CHUNK = 65_536;

async function* pieces(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: ByteSource | Promise<ByteSource>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of iterated(await source)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const content = (length: number): Buffer => Buffer.alloc(length, 'some content ');
const sealed = (length: number): Promise<Buffer> => collect(encryptBackup(key, pieces(content(length))));

describe('a backup key as an age identity', () => {
  it('is encoded as the public age tool does', () => {
    // `age-keygen -y` of age 1.1.1 reads this identity.
    expect(ageIdentity(key)).toBe('AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG');
  });

  it.each([0, 31, 33, 64])('has 32 bytes and not %i', async (length) => {
    const wrong = new Uint8Array(length);
    expect(() => ageIdentity(wrong)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    await expect(encryptBackup(wrong, pieces(content(1)))).rejects.toMatchObject({ metadata: { field: 'backupKey' } });
    await expect(decryptBackup(wrong, pieces(content(1)))).rejects.toMatchObject({ metadata: { field: 'backupKey' } });
  });
});

describe('a backup as a stream', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 300_001])('brings %i bytes back', async (length) => {
    expect((await collect(decryptBackup(key, pieces(await sealed(length))))).equals(content(length))).toBe(true);
  });

  it('takes Web streams, Node streams and iterables', async () => {
    const web = new Blob([new Uint8Array(content(200_000))]).stream();
    const file = Readable.from(iterated(await encryptBackup(key, web)));
    expect((await collect(decryptBackup(key, file))).equals(content(200_000))).toBe(true);
  });

  it('opens a file of the public age tool', async () => {
    const file = Buffer.from(
      'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBrYmw0aWpxeG5jenN3eVl1a2ZNZEJjaWVZQTdRZU95ZzRwUk14VTYwbkV3CnYxaEJ4alMrelhkcWlvV28zQUwxcTVqVXpUTWdUT1g4Q25MbENsYVRIZ1kKLS0tIG8rZVpmRHVVWGpIOE5Wd095M2JhcXBCVmFBV051aGc3K3RDckhwUHR2QncKCfTIwyqVgi4ALGXZwKods0tXGOvalYZRvO/senPpLphHmgtm1Bqy71zgiYD61TlpGZ0=',
      'base64',
    );
    expect((await collect(decryptBackup(key, pieces(file)))).toString()).toBe('made by age 1.1.1\n');
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    await collect(encryptBackup(key, pieces(content(100_000)), { onProgress: (bytes) => told.push(bytes) }));
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(100_000);
  });

  it('reads no further ahead than a few chunks', async () => {
    let taken = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken += CHUNK;
        yield content(CHUNK);
      }
    };
    const stream = await encryptBackup(key, endless());
    const reader = stream.getReader();
    for (let read = 0; read < 20 * CHUNK;) read += (await reader.read()).value?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBeLessThan(26 * CHUNK);
    await reader.cancel();
  });

  it('moves to another key, and the old one opens it no more', async () => {
    const moved = await collect(reencryptBackup(key, otherKey, pieces(await sealed(200_000))));
    expect((await collect(decryptBackup(otherKey, pieces(moved)))).equals(content(200_000))).toBe(true);
    await expect(collect(decryptBackup(key, pieces(moved)))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('a backup that is not whole', () => {
  const refused = { code: 'REQUEST_INVALID', metadata: { field: 'backup' } };

  it('is refused under another key', async () => {
    await expect(decryptBackup(otherKey, pieces(await sealed(10)))).rejects.toMatchObject(refused);
  });

  it('is refused when anything of it was changed', async () => {
    const file = await sealed(2 * CHUNK);
    for (const at of [0, 30, 120, 250, file.length - CHUNK - 30, file.length - 1]) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(collect(decryptBackup(key, pieces(changed)))).rejects.toMatchObject(refused);
    }
  });

  it('is refused when it was cut, also between chunks, and when chunks changed places', async () => {
    const file = await sealed(2 * CHUNK + 5);
    const header = file.length - (2 * CHUNK + 5 + 3 * 16);
    const chunk = (i: number): Buffer => file.subarray(header + i * (CHUNK + 16), header + (i + 1) * (CHUNK + 16));
    const cut = [0, 10, header - 16, header, header + CHUNK + 16, header + 2 * (CHUNK + 16), file.length - 1].map((end) =>
      file.subarray(0, end),
    );
    const swapped = Buffer.concat([file.subarray(0, header), chunk(1), chunk(0), chunk(2)]);
    const longer = Buffer.concat([file, Buffer.from('x')]);
    for (const wrong of [...cut, swapped, longer]) await expect(collect(decryptBackup(key, pieces(wrong)))).rejects.toMatchObject(refused);
  });

  it('moves nowhere: the error comes before the end of the new file', async () => {
    const file = (await sealed(3 * CHUNK)).subarray(0, -1);
    await expect(collect(reencryptBackup(key, otherKey, pieces(file)))).rejects.toMatchObject(refused);
  });
});

describe('a stream that ends early', () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield content(CHUNK);
    throw new Error('the disk is gone');
  }

  it('says what its source said, and does not blame the key', async () => {
    await expect(collect(encryptBackup(key, failing()))).rejects.toThrow('the disk is gone');
    const file = await sealed(3 * CHUNK);
    async function* broken(at: number): AsyncGenerator<Uint8Array> {
      yield file.subarray(0, at);
      throw new Error('the line is gone');
    }
    for (const at of [10, 100_000]) await expect(collect(decryptBackup(key, broken(at)))).rejects.toThrow('the line is gone');
  });

  it('fails with the reason of its signal though the source hangs, and lets go of the source', async () => {
    const controller = new AbortController();
    const stream = await encryptBackup(key, new ReadableStream<Uint8Array>(), { signal: controller.signal });
    const reading = collect(stream);
    controller.abort(new Error('the app was closed'));
    await expect(reading).rejects.toThrow('the app was closed');
    await expect(collect(encryptBackup(key, pieces(content(9)), { signal: controller.signal }))).rejects.toThrow('the app was closed');
  });
});
