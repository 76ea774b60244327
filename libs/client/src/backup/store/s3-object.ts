import { VaultError } from '@strongroom/protocol';
import type { BackupStore, Parts, StoredBackup } from './backup-store.js';
import { request, textOf, unavailable, type StoreFetch } from './store-http.js';

export interface S3ObjectOptions {
  /** Address of the object, as in `https://s3.example/bucket/user.age`, without a query. */
  readonly url: string;
  /** Signs each request (AWS Signature Version 4), as `AwsClient.fetch` of the package aws4fetch does. */
  readonly fetch: StoreFetch;
}

/** Amazon S3, "Multipart upload limits"; other makers keep to them. */
const LEAST_PART_BYTES = 5 << 20;
const MOST_PARTS = 10_000;

/** One object of a store that speaks S3, put there by a multipart upload: the public `age` tool opens what is downloaded. */
export class S3Object implements BackupStore {
  readonly leastPartBytes = LEAST_PART_BYTES;
  readonly mostParts = MOST_PARTS;

  constructor(private readonly options: S3ObjectOptions) {}

  async begin(signal: AbortSignal): Promise<string> {
    const answer = await textOf(await this.ask('?uploads=', { method: 'POST', signal }));
    const id = /<UploadId>([^<]+)<\/UploadId>/.exec(answer)?.[1];
    if (id === undefined) throw unavailable('the store did not name the upload that it began');
    return unescaped(id);
  }

  async put(upload: string, part: number, bytes: Blob, signal: AbortSignal): Promise<string> {
    const response = await this.ask(`?partNumber=${part}&${uploadId(upload)}`, { method: 'PUT', body: bytes, signal });
    await response.body?.cancel();
    const tag = response.headers.get('etag');
    // A browser reads it only where the bucket's CORS rules expose it.
    if (tag === null) throw new VaultError('CONFLICT', 'the store does not show the ETag of a part: its CORS rules must expose it');
    return tag;
  }

  async finish(upload: string, { receipts }: Parts, signal: AbortSignal): Promise<void> {
    const parts = receipts.map((tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const answer = await textOf(await this.ask(`?${uploadId(upload)}`, { method: 'POST', body, signal }));
    // S3 begins its answer before it knows the outcome: also an error comes with status 200.
    if (!answer.includes('<CompleteMultipartUploadResult')) throw unavailable('the store could not put the parts together');
  }

  async abandon(upload: string, signal: AbortSignal): Promise<void> {
    await (await this.ask(`?${uploadId(upload)}`, { method: 'DELETE', signal })).body?.cancel();
  }

  async open(signal: AbortSignal): Promise<StoredBackup> {
    const { headers } = await this.ask('', { method: 'HEAD', signal });
    const size = Number(headers.get('content-length') ?? NaN);
    const tag = headers.get('etag');
    if (!Number.isSafeInteger(size) || tag === null) throw unavailable('the store does not tell length and ETag of the backup');
    return { size, read: (offset, reading) => this.read(offset, tag, reading) };
  }

  private async read(offset: number, tag: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { status, body } = await this.ask('', { method: 'GET', headers: { range: `bytes=${offset}-`, 'if-match': tag }, signal });
    if (body === null || (status !== 206 && offset > 0)) throw unavailable('the store did not go on where it was asked to');
    return body;
  }

  private ask(query: string, init: Parameters<typeof request>[2]): Promise<Response> {
    return request(this.options.fetch, `${this.options.url}${query}`, init);
  }
}

function uploadId(upload: string): string {
  return `uploadId=${encodeURIComponent(upload)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&quot;': '"', '&apos;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };

function unescaped(text: string): string {
  return text.replace(/&(?:quot|apos|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function escaped(text: string): string {
  return text.replace(/[<>&]/g, (sign) => Object.keys(ENTITIES).find((entity) => ENTITIES[entity] === sign) ?? sign);
}
