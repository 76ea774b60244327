import { beforeEach, describe, expect, it } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import {
  assembleNote,
  consistencyProof,
  emptyRoot,
  formatCheckpoint,
  leafHash,
  makeVkey,
  parseSignatureLine,
  signCheckpoint,
  signNoteText,
  treeRoot,
  verifyCosignatures,
} from '@strongroom/transparency';
import { Crash, SimulatedDisk } from '../disk/simulated-disk.fixture.js';
import { formatSubmission, parseSubmission, type Submission } from './submission.js';
import { WitnessFiles } from './witness.files.js';
import { Witness } from './witness.js';
import { witnessRoute } from './witness-route.js';

const key = (byte: number) => nodeSigner(new Uint8Array(32).fill(byte));
const LOG_KEY = key(1);
const ORIGIN = 'log.example/fleet-keys';
const LOG = makeVkey(ORIGIN, LOG_KEY.publicKey);
const NOW_MS = 1_800_000_000_000;
const hashes = (size: number, story = 'a'): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => leafHash(new TextEncoder().encode(`${story}${i}`)));
const signed = (size: number, root = treeRoot(hashes(size)), origin = ORIGIN): string => {
  const checkpoint = { origin, size, root };
  return assembleNote(formatCheckpoint(checkpoint), [signCheckpoint(checkpoint, LOG_KEY)]);
};
const submission = (oldSize: number, size: number): Submission => ({
  oldSize,
  proof: consistencyProof(hashes(size), oldSize),
  checkpoint: signed(size),
});

let disk: SimulatedDisk;
const witnessOn = (where: SimulatedDisk): Witness =>
  new Witness({ name: 'witness.example/w1', signer: key(9), logs: [LOG], store: new WitnessFiles(where), nowMs: () => NOW_MS });

async function post(witness: Witness, body: string) {
  const bytes = new TextEncoder().encode(body);
  const answer = await witnessRoute('/', witness)({ method: 'POST', path: '/add-checkpoint', takesGzip: false, body: async () => bytes });
  if (!answer) throw new Error('no such path');
  return { status: answer.status, body: String(answer.body), type: answer.headers['content-type'] };
}

const submit = (witness: Witness, given: Submission) => post(witness, formatSubmission(given));

beforeEach(() => {
  disk = new SimulatedDisk();
});

describe('a witness', () => {
  it('cosigns the first checkpoint, then what continues it, with a time', async () => {
    const witness = witnessOn(disk);
    for (const [oldSize, size] of [
      [0, 3],
      [3, 7],
      [7, 7],
    ] as const) {
      const given = submission(oldSize, size);
      const { status, body } = await submit(witness, given);
      const line = parseSignatureLine(body.trimEnd());
      const text = given.checkpoint.slice(0, given.checkpoint.indexOf('\n\n') + 1);
      expect([status, verifyCosignatures({ text, signatures: [line] }, [witness.vkey])]).toEqual([
        200,
        [{ vkey: witness.vkey, time: NOW_MS / 1000 }],
      ]);
      expect(body.endsWith('\n')).toBe(true);
    }
  });

  it("shows monitors what it cosigned, with its own signature and the log's alone", async () => {
    const witness = witnessOn(disk);
    const stranger = signNoteText(formatCheckpoint({ origin: ORIGIN, size: 3, root: treeRoot(hashes(3)) }), 'stranger', key(4));
    const noisy = `${signed(3)}${assembleNote('x\n', [stranger]).split('\n\n')[1] ?? ''}`;
    expect((await submit(witness, { ...submission(0, 3), checkpoint: noisy })).status).toBe(200);
    const note = (await witness.cosigned(ORIGIN)) ?? '';
    expect(
      note
        .split('\n')
        .filter((line) => line.startsWith('\u2014'))
        .map((line) => line.split(' ')[1]),
    ).toEqual([ORIGIN, 'witness.example/w1']);
  });

  const good = formatSubmission(submission(0, 3));
  const root3 = treeRoot(hashes(3));
  it.each([
    ['no checkpoint', 'old 0\n', 400],
    ['no old line', good.replace('old 0', 'new 0'), 400],
    ['a size with a leading zero', good.replace('old 0', 'old 00'), 400],
    ['more than 63 hashes', formatSubmission({ oldSize: 0, proof: hashes(64), checkpoint: signed(3) }), 400],
    ['a proof line that is no hash', good.replace('old 0\n', 'old 0\nAAAA\n'), 400],
    ['a checkpoint that is none', 'old 0\n\nnothing\n\n\u2014 x AAAAAAA=\n', 400],
    ['an old size above the checkpoint', formatSubmission({ oldSize: 4, proof: [], checkpoint: signed(3) }), 400],
    [
      'a log that it does not know, whatever else is wrong',
      formatSubmission({ oldSize: 9, proof: hashes(1), checkpoint: signed(3, root3, 'other.example') }),
      404,
    ],
    ['no signature of the log', good.replace(/\u2014 .*/, `\u2014 stranger ${'A'.repeat(88)}`), 403],
    ['a bad signature of the log', good.replace('3\n', '2\n'), 403],
    [
      'a signature that does not hold, before its sizes',
      formatSubmission({ oldSize: 9, proof: [], checkpoint: signed(3).replace('\n3\n', '\n2\n') }),
      403,
    ],
    ['a proof from the empty tree', formatSubmission({ oldSize: 0, proof: hashes(1), checkpoint: signed(3) }), 422],
    ['an empty tree with another root', formatSubmission({ oldSize: 0, proof: [], checkpoint: signed(0, root3) }), 422],
  ])('refuses %s', async (_what, body, status) => {
    const witness = witnessOn(disk);
    expect((await post(witness, body)).status).toBe(status);
    expect(await witness.cosigned(ORIGIN)).toBeUndefined();
  });

  it('answers 409 with the size that it cosigned last, before it looks at roots or proofs', async () => {
    const witness = witnessOn(disk);
    await submit(witness, submission(0, 5));
    for (const given of [submission(0, 5), submission(3, 7), { ...submission(3, 7), proof: hashes(2) }, submission(0, 3)]) {
      expect(await submit(witness, given)).toEqual({ status: 409, body: '5\n', type: 'text/x.tlog.size' });
    }
  });

  it.each([
    ['another root for the same size', { oldSize: 5, proof: [], checkpoint: signed(5, treeRoot(hashes(5, 'b'))) }],
    ['a fork', { oldSize: 5, proof: consistencyProof(hashes(7, 'b'), 5), checkpoint: signed(7, treeRoot(hashes(7, 'b'))) }],
    ['a proof for another pair of trees', { ...submission(5, 8), proof: consistencyProof(hashes(8), 4) }],
    ['no proof', { ...submission(5, 8), proof: [] }],
  ])('refuses %s and stays where it is', async (_what, given) => {
    const witness = witnessOn(disk);
    await submit(witness, submission(0, 5));
    const before = await witness.cosigned(ORIGIN);
    expect((await submit(witness, given)).status).toBe(422);
    expect(await witness.cosigned(ORIGIN)).toBe(before);
  });

  it('cosigns the empty tree, which everything continues', async () => {
    const witness = witnessOn(disk);
    expect((await submit(witness, { oldSize: 0, proof: [], checkpoint: signed(0, emptyRoot()) })).status).toBe(200);
    expect((await submit(witness, submission(0, 4))).status).toBe(200);
  });

  it('lets only one of two submissions at once go on from the same checkpoint', async () => {
    const witness = witnessOn(disk);
    await submit(witness, submission(0, 2));
    const answers = await Promise.all([
      submit(witness, submission(2, 9)),
      submit(witness, submission(2, 4)),
      submit(witness, submission(2, 9)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 409]);
    expect(answers[1]?.body).toBe('9\n');
  });

  it('remembers what it answered, whatever ends it, at every call to its disk', async () => {
    for (const survival of ['all', 'none'] as const) {
      for (let crashAt = 0, crashed = true; crashed; crashAt += 1) {
        const first = new SimulatedDisk(crashAt);
        const answered = await submit(witnessOn(first), submission(0, 3)).catch((error: unknown) => {
          if (error instanceof Crash) return undefined;
          throw error;
        });
        crashed = answered === undefined;
        const later = witnessOn(first.afterCrash(survival));
        const other = { oldSize: 0, proof: [], checkpoint: signed(3, treeRoot(hashes(3, 'b'))) };
        const { status } = await submit(later, other);
        // Nothing was answered: then either may have been cosigned, but never both.
        if (answered) expect(status).toBe(409);
        else expect([200, 409]).toContain(status);
      }
    }
  });

  it('signs nothing over a memory that it did not sign', async () => {
    const witness = witnessOn(disk);
    await submit(witness, submission(0, 3));
    await new WitnessFiles(disk).save(ORIGIN, signed(1));
    await expect(submit(witness, submission(1, 5))).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a submission', () => {
  it('is read as it was written, with and without a proof', () => {
    for (const given of [submission(0, 3), submission(3, 9)]) expect(parseSubmission(formatSubmission(given))).toEqual(given);
  });
});
