import { describe, expect, it } from '@jest/globals';
import { formatTrustRoot, type Fetch } from '@strongroom/transparency';
import { exampleNote, exampleProof, exampleText, loggedTrustRoot, NOW_MS } from '@strongroom/transparency/example';
import { seenJson } from '../judge/seen.js';
import { auditLive, type LiveAnswer, type LiveQuestion } from './live-audit.js';

const places = { log: 'https://log.example/', mirrors: ['https://mirror.example/log/'], witnesses: [], gateway: 'https://vault.example' };
const served = exampleProof([exampleNote(exampleText(undefined, undefined, loggedTrustRoot))]);
const gatewaySays =
  (body: string): Fetch =>
  ({ href }) =>
    Promise.resolve(href === 'https://vault.example/v1/fleet-bundle' ? new Response(body) : new Response(null, { status: 404 }));

function ask(fetch: Fetch, seen: LiveQuestion['seen'] = { memory: null, checkpoint: null }): Promise<LiveAnswer> {
  const question = { trustRoot: formatTrustRoot(loggedTrustRoot), places, seen, nowMs: NOW_MS };
  return auditLive({ ...question, signal: new AbortController().signal, onProgress: () => undefined }, fetch);
}

describe('a live audit', () => {
  it('asks nobody but the places that were named', async () => {
    const asked = new Set<string>();
    await ask((url, init) => {
      asked.add(url.origin);
      return gatewaySays(JSON.stringify({ note: served }))(url, init);
    });
    expect([...asked].sort()).toEqual(['https://log.example', 'https://mirror.example', 'https://vault.example']);
  });

  it('judges what the gateway serves even when the log hides', async () => {
    const answer = await ask(gatewaySays(JSON.stringify({ epoch: 1, digest: '', note: served })));
    expect(answer.served?.judged).toMatchObject({ verdict: 'holds', gossipCode: expect.stringMatching(/^1\.1\./) });
    expect(answer.report.verdict).toBe('failed');
    expect(answer.report.checkpoint).toBeUndefined();
  });

  it.each(['', '{', '7', 'null', '{"note":1}', '[]', '\u0000'])(
    'learns nothing from a gateway that answers %j, and says so',
    async (body) => {
      const answer = await ask(gatewaySays(body));
      expect(answer.served).toBeUndefined();
      expect(answer.silent.length).toBe(1);
    },
  );

  it('goes on when nobody answers', async () => {
    const { report, silent } = await ask(() => Promise.reject(new TypeError('offline')));
    expect(report.verdict).toBe('incomplete');
    expect(silent.length).toBe(1);
  });

  it.each(['[]', '{"proof":7}', '{"proof":["***"]}', '{"proof":["AAAA"]}', `{"proof":[${'"A",'.repeat(200)}"A"]}`, '<html>'])(
    'refuses a log that grew without a proof, whatever the gateway calls one: %s',
    async (consistency) => {
      const texts = [0, 1, 2].reduce<string[]>((all) => [...all, exampleText(all.at(-1), undefined, loggedTrustRoot)], []);
      const note = exampleProof(texts.map(exampleNote));
      const digest = new Uint8Array(32);
      const checkpoint = { origin: loggedTrustRoot.log?.vkey.name ?? '', size: 1, root: digest };
      const memory = seenJson({ epoch: 1, digest, minEpoch: 1, checkpoint });
      const fetch: Fetch = (url, init) =>
        url.pathname.includes('/consistency/')
          ? Promise.resolve(new Response(consistency))
          : gatewaySays(JSON.stringify({ note }))(url, init);
      const { served: judged } = await ask(fetch, { memory, checkpoint: null });
      expect(judged?.judged.refusal).toMatchObject({ check: 'consistency' });
    },
  );

  it('ends when it is told to', async () => {
    const ending = new AbortController();
    const question = { trustRoot: formatTrustRoot(loggedTrustRoot), places, seen: { memory: null, checkpoint: null }, nowMs: NOW_MS };
    const asked = auditLive({ ...question, signal: ending.signal, onProgress: () => undefined }, (_url, { signal }) => {
      queueMicrotask(() => ending.abort());
      return new Promise((_resolve, reject) => {
        if (signal.aborted) reject(new TypeError('aborted'));
        signal.addEventListener('abort', () => reject(new TypeError('aborted')));
      });
    });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});
