import {
  bodyOf,
  FormatError,
  formatNote,
  parseSignatureLine,
  verifyCosignatures,
  type CosignerVkey,
  type NoteSignature,
  type OpenedCheckpoint,
} from '@strongroom/transparency';
import { formatSubmission } from '../witness/submission.js';

/** A witness as the log meets it: where it is, and the key that it must sign with. */
export type WitnessAddress = { readonly vkey: CosignerVkey; /** Submission prefix. */ readonly url: string };

export type SubmitInput = {
  readonly witness: WitnessAddress;
  readonly opened: OpenedCheckpoint;
  /** Size that the witness is believed to have cosigned last; 0 asks it. */
  readonly oldSize: number;
  readonly proofFrom: (oldSize: number) => Promise<readonly Uint8Array[]>;
  readonly timeoutMs: number;
};

export type SubmitResult =
  | { readonly outcome: 'cosigned'; readonly line: NoteSignature; readonly time: number }
  /** It knows a larger tree of this log than the log itself: the log was rolled back, or the witness lies. */
  | { readonly outcome: 'ahead'; readonly size: number }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Its size, asked, and once more if it was asked by somebody else meanwhile. */
const MAX_TRIES = 3;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Asks one witness for its cosignature (C2SP tlog-witness). Deployed ones differ from the specification in ways that
 * cost nothing to bear: 403 for a log that they do not know, 409 without its content type or line feed, lines of other
 * keys beside their own, a cosignature that is older than the request. Their answers are believed as far as their
 * signature goes.
 */
export async function submitCheckpoint(input: SubmitInput): Promise<SubmitResult> {
  const { size } = input.opened.checkpoint;
  const deadline = AbortSignal.timeout(input.timeoutMs);
  let oldSize = input.oldSize > size ? 0 : input.oldSize;
  try {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const response = await post(input, oldSize, deadline);
      const body = Buffer.from(await bodyOf(response, MAX_ANSWER_BYTES)).toString('utf8');
      if (response.ok) return cosignatureIn(body, input);
      if (response.status !== 409) return failed(`answers ${response.status}`);
      const known = /^(0|[1-9]\d{0,15})\s*$/.exec(body)?.[1];
      if (known === undefined) return failed('answers 409 without a size');
      if (Number(known) > size) return { outcome: 'ahead', size: Number(known) };
      oldSize = Number(known);
    }
    return failed('names another size each time');
  } catch (error) {
    if (deadline.aborted) return failed('does not answer in time');
    return failed(error instanceof Error ? error.message : String(error));
  }
}

async function post({ witness, opened, proofFrom }: SubmitInput, oldSize: number, signal: AbortSignal): Promise<Response> {
  const proof = await proofFrom(oldSize);
  const body = formatSubmission({ oldSize, proof, checkpoint: formatNote(opened.note) });
  const prefix = witness.url.endsWith('/') ? witness.url : `${witness.url}/`;
  return fetch(new URL('add-checkpoint', prefix), { method: 'POST', body, signal, redirect: 'error' });
}

/** Lines that are none and lines of keys that were not asked are left out; the witness's own must hold. */
function cosignatureIn(body: string, { witness, opened }: SubmitInput): SubmitResult {
  for (const line of body.split(/\r?\n/)) {
    const signature = lineOf(line);
    if (!signature) continue;
    try {
      const [cosignature] = verifyCosignatures({ text: opened.note.text, signatures: [signature] }, [witness.vkey]);
      if (cosignature) return { outcome: 'cosigned', line: signature, time: cosignature.time };
    } catch (error) {
      if (error instanceof FormatError) return failed('sends a cosignature that does not hold');
      throw error;
    }
  }
  return failed('sends no cosignature of its key');
}

function lineOf(line: string): NoteSignature | undefined {
  try {
    return parseSignatureLine(line);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function failed(reason: string): SubmitResult {
  return { outcome: 'failed', reason };
}
