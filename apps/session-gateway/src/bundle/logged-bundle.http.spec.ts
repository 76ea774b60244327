import { afterEach, describe, expect, it } from '@jest/globals';
import { bundleConsistency, bundlePublished, bundleResponse, consistencyResponse } from '@strongroom/contracts';
import { fromBase64url, VaultError } from '@strongroom/protocol';
import { bundleDigest, consistencyProof, verifyConsistency } from '@strongroom/transparency';
import { exampleCheckpoint, exampleProof, loggedTrustRoot } from '@strongroom/transparency/example';
import { exampleBundle, noteOf } from '../example/example-fleet.js';
import { exampleGateway, type ExampleGateway } from '../example/example-gateway.js';

const texts = [exampleBundle(loggedTrustRoot)];
for (let i = 1; i < 4; i++) texts.push(exampleBundle(loggedTrustRoot, texts[i - 1]));
const notes = texts.map(noteOf);
const proofOf = (size: number, changes: Parameters<typeof exampleProof>[1] = {}): string => exampleProof(notes.slice(0, size), changes);

let gateway: ExampleGateway;
afterEach(() => gateway.app.close());

async function published(): Promise<number | undefined> {
  const answer = await gateway.app.inject({ method: 'GET', url: '/v1/fleet-bundle' });
  return answer.statusCode === 200 ? bundleResponse.parse(answer.json()).epoch : undefined;
}
const start = async (note: string): Promise<void> => {
  gateway = await exampleGateway({ trustRoot: loggedTrustRoot, note });
};
const announce = (epoch: number, note: string): Promise<void> => {
  gateway.bus.tell(bundlePublished, { epoch, digest: '0'.repeat(64), note });
  // The event is handled in turns of the loop; a request takes more of them.
  return published().then(() => undefined);
};

describe('a logged bundle', () => {
  it('is carried as it came, with its proof, also without witnesses: clients ask for those themselves', async () => {
    const proof = proofOf(1, { cosigned: [] });
    await start(proof);
    const answer = await gateway.app.inject({ method: 'GET', url: '/v1/fleet-bundle' });
    expect(bundleResponse.parse(answer.json()).note).toBe(proof);
  });

  it.each([
    ['a bare note', notes[0] ?? ''],
    ['an entry that is not the newest', proofOf(2, { index: 0 })],
    ['a checkpoint that the log has not signed', proofOf(1, { logLines: () => [] })],
    ['the proof of another bundle', proofOf(1).replace(/extra .*/, /extra .*/.exec(proofOf(2))?.[0] ?? '')],
  ])('is refused with %s', async (_what, note) => {
    await start(note);
    expect(await published()).toBeUndefined();
  });

  it('stays when the log is forked, and is followed by the next one', async () => {
    await start(proofOf(1));
    const other = noteOf((texts[0] ?? '').replace(' attempts 10 ', ' attempts 9 '));
    await announce(2, exampleProof([other, notes[1] ?? '']));
    expect(await published()).toBe(1);
    await announce(2, proofOf(2));
    expect(await published()).toBe(2);
  });

  it('is taken after a gap with the proof that the log only grew, and not without', async () => {
    await start(proofOf(1));
    const hashes = consistencyProof(texts.slice(0, 3).map(bundleDigest), 1);
    gateway.bus.serve(bundleConsistency, undefined, () => ({ proof: hashes.slice(1) }));
    await announce(3, proofOf(3));
    expect(await published()).toBe(1);
    gateway.bus.serve(bundleConsistency, undefined, () => ({ proof: hashes }));
    await announce(3, proofOf(3));
    expect(await published()).toBe(3);
  });
});

describe('the proof that the log only grew', () => {
  const ask = (sizes: string) => gateway.app.inject({ method: 'GET', url: `/v1/fleet-bundle/consistency/${sizes}` });

  it('comes from the publisher, to anyone', async () => {
    await start(proofOf(4));
    gateway.bus.serve(bundleConsistency, undefined, ({ oldSize, newSize }) => ({
      proof: consistencyProof(texts.slice(0, newSize).map(bundleDigest), oldSize),
    }));
    const { proof } = consistencyResponse.parse((await ask('2/4')).json());
    const [old, now] = [exampleCheckpoint(notes.slice(0, 2)), exampleCheckpoint(notes)];
    const claim = { oldSize: 2, oldRoot: old.root, newSize: 4, newRoot: now.root };
    expect(verifyConsistency({ ...claim, proof: proof.map((hash) => fromBase64url(hash)) })).toBe(true);
  });

  it('is refused for sizes that are none, and told as the publisher refuses it', async () => {
    await start(proofOf(1));
    gateway.bus.serve(bundleConsistency, undefined, () => {
      throw new VaultError('NOT_FOUND', 'the log never had these sizes');
    });
    for (const sizes of ['0/1', '01/2', '-1/2', '1/x', '1/9007199254740992', '1.5/2']) {
      expect((await ask(sizes)).json()).toMatchObject({ code: 'REQUEST_INVALID' });
    }
    expect((await ask('1/2')).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
});
