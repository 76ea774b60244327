import { problemDetails } from '@strongroom/contracts';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Sends what no client of ours would. @throws when a refusal is not problem details */
export async function knock(gatewayUrl: string, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  const response = await fetch(`${gatewayUrl}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  const text = await response.text();
  if (response.ok) return { status: response.status, type, code: 'OK', body: {} };
  const parsed = problemDetails.parse(JSON.parse(text));
  if (parsed.status !== response.status) throw new Error(`the problem says ${parsed.status}, HTTP ${response.status}`);
  return { status: response.status, type, code: parsed.code, body: parsed };
}

/** Sends bytes that need not be HTTP. @returns everything that came back until the door closed */
export function knockRaw(gatewayUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(gatewayUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (text += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
