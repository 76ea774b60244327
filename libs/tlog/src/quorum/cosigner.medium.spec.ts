import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeSigner, SILENT_LOG } from '@strongroom/platform';
import { formatSignatureLine, makeCosignerVkey, makeVkey, openCheckpoint, signCosignature, type Policy } from '@strongroom/transparency';
import { SimulatedDisk } from '../disk/simulated-disk.fixture.js';
import { LogQueue } from '../log/log-queue.js';
import { LogWriter } from '../log/log-writer.js';
import { PublicServer } from '../serve/public-server.js';
import { parseSubmission } from '../witness/submission.js';
import { WitnessFiles } from '../witness/witness.files.js';
import { witnessRoute } from '../witness/witness-route.js';
import { Witness } from '../witness/witness.js';
import { Cosigner } from './cosigner.js';
import type { WitnessAddress } from './submit-checkpoint.js';

const LOG_KEY = nodeSigner(new Uint8Array(32).fill(1));
const LOG = makeVkey('log.example/fleet-keys', LOG_KEY.publicKey);
const key = (i: number) => nodeSigner(new Uint8Array(32).fill(100 + i));
const vkey = (i: number) => makeCosignerVkey(`witness.example/w${i}`, key(i).publicKey);
const DAY_MS = 86_400_000;

let nowMs = 1_800_000_000_000;
let servers: { close(): unknown }[] = [];
let queue: LogQueue;

async function honest(i: number): Promise<WitnessAddress> {
  const witness = new Witness({
    name: vkey(i).name,
    signer: key(i),
    logs: [LOG],
    store: new WitnessFiles(new SimulatedDisk()),
    nowMs: () => nowMs,
  });
  const server = await PublicServer.listen({ port: 0, host: '127.0.0.1', routes: [witnessRoute('/', witness)], log: SILENT_LOG });
  servers.push(server);
  return { vkey: vkey(i), url: `http://127.0.0.1:${server.port}` };
}

async function other(i: number, listener: RequestListener): Promise<WitnessAddress> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ close: () => (server.closeAllConnections(), server.close()) });
  const address = server.address();
  return { vkey: vkey(i), url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/` };
}

/** Answers with what `answer` makes of the submission's checkpoint text. */
function answering(answer: (text: string, oldSize: number) => { status?: number; body: string; type?: string }): RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString('utf8')));
    request.on('end', () => {
      const { oldSize, checkpoint } = parseSubmission(body);
      const { status = 200, body: said, type = 'text/plain' } = answer(checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1), oldSize);
      response.writeHead(status, { 'content-type': type });
      response.end(said);
    });
  };
}

const lineOf = (i: number, text: string, atMs = nowMs): string =>
  formatSignatureLine(signCosignature(text, vkey(i).name, key(i), Math.floor(atMs / 1000)));

function cosignerOf(witnesses: readonly WitnessAddress[], threshold: number): Cosigner {
  const members = witnesses.map((_, i) => `w${i + 1}`);
  const policy: Policy = {
    logs: [],
    witnesses: witnesses.map((witness, i) => ({ name: `w${i + 1}`, vkey: witness.vkey })),
    groups: [{ name: 'enough', threshold, members }],
    quorum: 'enough',
  };
  return new Cosigner({ queue, policy, witnesses, timeoutMs: 1_000, refreshMs: DAY_MS, nowMs: () => nowMs, log: SILENT_LOG });
}

const names = (cosigner: Cosigner): string[] => cosigner.standing().cosignatures.map((each) => each.vkey.name.slice(-2));

beforeEach(async () => {
  nowMs = 1_800_000_000_000;
  queue = new LogQueue(await LogWriter.open(new SimulatedDisk(), LOG, LOG_KEY));
  for (let i = 0; i < 3; i += 1) await queue.append(Buffer.from(`entry ${i}`));
});

afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
});

describe('gathering cosignatures', () => {
  it('publishes a checkpoint that a quorum cosigned, asks each for its size first, and follows the tree', async () => {
    const cosigner = cosignerOf([await honest(1), await honest(2), await honest(3)], 2);
    expect((await cosigner.witnessed(3)).isQuorum).toBe(true);
    await queue.append(Buffer.from('more'));
    expect(cosigner.standing().isQuorum).toBe(false);
    expect(await cosigner.witnessed(4)).toMatchObject({ size: 4, isQuorum: true });
    expect(openCheckpoint(queue.writer.current.note, LOG).checkpoint.size).toBe(4);
  });

  it('needs no witness that is slow, away, broken or lying, as long as a quorum is none of them', async () => {
    const silent = await other(3, () => undefined);
    const failing = await other(
      4,
      answering(() => ({ status: 500, body: 'no' })),
    );
    const lying = await other(
      5,
      answering((text) => ({ body: `${lineOf(5, `x${text}`)}\n` })),
    );
    const away = { vkey: vkey(6), url: 'http://127.0.0.1:9/' };
    const cosigner = cosignerOf([await honest(1), await honest(2), silent, failing, lying, away], 2);
    await cosigner.witnessed(3);
    expect(names(cosigner)).toEqual(['w1', 'w2']);
    await expect(cosignerOf([await honest(1), failing], 2).witnessed(3)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it.each([
    [
      '409 without content type or line feed',
      (text: string, old: number) => (old === 3 ? { body: lineOf(1, text) } : { status: 409, body: '3', type: 'text/html' }),
    ],
    [
      'lines of other keys, and no lines at all, around its own',
      (text: string) => ({ body: `hello\r\n${lineOf(2, text)}\n${lineOf(1, text)}\r\n\n` }),
    ],
    ['a cosignature that is older than the request', (text: string) => ({ body: `${lineOf(1, text, nowMs - 3_600_000)}\n` })],
    ['another status of success', (text: string) => ({ status: 201, body: `${lineOf(1, text)}\n` })],
  ] as const)('bears %s', async (_what, answer) => {
    const cosigner = cosignerOf([await other(1, answering(answer))], 1);
    await cosigner.witnessed(3);
    expect(names(cosigner)).toEqual(['w1']);
  });

  it.each([
    ['a larger tree than there is', () => ({ status: 409, body: '99\n', type: 'text/x.tlog.size' })],
    ['another size each time', (_text: string, old: number) => ({ status: 409, body: `${(old + 1) % 3}\n`, type: 'text/x.tlog.size' })],
    ['no size', () => ({ status: 409, body: 'conflict', type: 'text/x.tlog.size' })],
    ['the cosignature of another', (text: string) => ({ body: `${lineOf(2, text)}\n` })],
    ['more than anybody reads', () => ({ body: 'x'.repeat(100_000) })],
  ] as const)('does without a witness that names %s', async (_what, answer) => {
    const cosigner = cosignerOf([await other(1, answering(answer))], 1);
    await expect(cosigner.witnessed(3)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(queue.writer.current.checkpoint.size).toBe(3);
  });

  it('is due again when the oldest cosignature is a day old, and renews it over the same tree', async () => {
    const cosigner = cosignerOf([await honest(1), await honest(2)], 2);
    expect(cosigner.isDue()).toBe(true);
    await cosigner.gather();
    expect(cosigner.isDue()).toBe(false);
    nowMs += DAY_MS;
    expect(cosigner.isDue()).toBe(true);
    await cosigner.gather();
    expect(cosigner.standing().cosignatures.map(({ time }) => time)).toEqual([nowMs / 1000, nowMs / 1000]);
    expect(cosigner.standing().size).toBe(3);
  });

  it('keeps the word of a witness that is away now', async () => {
    const [first, second] = [await honest(1), await honest(2)];
    await cosignerOf([first, second], 2).gather();
    const later = cosignerOf([{ ...first, url: 'http://127.0.0.1:9/' }, second], 2);
    await later.gather();
    expect(names(later)).toEqual(['w1', 'w2']);
  });
});
