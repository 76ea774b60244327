import { Secret, type Bytes } from '@strongroom/protocol';
import { readFile } from 'node:fs/promises';

const FORM = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks has it. @throws Error naming the file, and nothing of what is in it */
export async function readWebhookSecret(file: string): Promise<Secret<Bytes>> {
  const text = (await readFile(file, 'utf8')).trim();
  const bytes = new Uint8Array(Buffer.from(FORM.exec(text)?.[1] ?? '', 'base64'));
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
    throw new Error(`${file} must hold whsec_ and base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes`);
  }
  return new Secret(bytes);
}
