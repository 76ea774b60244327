import {
  bundleNoteOf,
  formatPolicy,
  FormatError,
  formatVkey,
  isProof,
  openBundleProof,
  trustRootDigest,
  type CheckName,
  type TrustRoot,
} from '@strongroom/transparency';
import { hexOf } from './seen.js';

/** Bytes that a check looked at, as text, under the place that they come from. */
export type LookedAt = { readonly from: string; readonly text: string };

type Parts = {
  readonly source: string;
  readonly root: TrustRoot;
  /** Empty where the text could not be taken apart that far. */
  readonly note: string;
  readonly text: string;
  readonly signatures: string;
  readonly checkpoint: string;
  readonly entry: string;
};

/**
 * What each check looked at, cut out of the very texts that were checked. Only for eyes: a text that is no bundle is shown as
 * far as it can be taken apart, and says nothing about any verdict.
 */
export function lookedAt(source: string, root: TrustRoot): (check: CheckName) => readonly LookedAt[] {
  const parts = partsOf(source, root);
  return (check) => LOOKS[check](parts).filter(({ text }) => text !== '');
}

const LOOKS: Readonly<Record<CheckName, (parts: Parts) => readonly LookedAt[]>> = {
  'size-limits': ({ source }) => [at('the whole file', `${new TextEncoder().encode(source).length} bytes`)],
  'proof-grammar': ({ source, entry }) => [
    at('proof', isProof(source) ? `${source.split('\n', 1)[0] ?? ''}\n${entry}` : source.slice(0, 200)),
  ],
  'note-grammar': ({ note }) => [at('note', note)],
  'round-trip': ({ text }) => [at('text of the note', text)],
  namespace: ({ text, root }) => [at('note', lines(text, /\/fleet-keys\/v1$/)), at('trust root', root.namespace)],
  'both-signatures': ({ signatures, root }) => [
    at('note', signatures),
    at('trust root', `operator ${formatVkey(root.operator)}\nauditor ${formatVkey(root.auditor)}`),
  ],
  'leaf-hash': ({ text }) => [at('text of the note', text)],
  'checkpoint-grammar': ({ checkpoint, root }) => [at('checkpoint', textOf(checkpoint)), at('trust root', root.log?.vkey.name ?? '')],
  'log-signature': ({ checkpoint, root }) => [
    at('checkpoint', signersOf(checkpoint, [root.log?.vkey.name ?? ''])),
    at('trust root', root.log ? formatVkey(root.log.vkey) : ''),
  ],
  cosignatures: ({ checkpoint, root }) => [at('checkpoint', signersOf(checkpoint, witnessNames(root)))],
  'witness-quorum': ({ root }) => [at('trust root', root.log ? formatPolicy(root.log.witnesses) : '')],
  inclusion: ({ entry, checkpoint }) => [at('proof', entry), at('checkpoint', textOf(checkpoint))],
  head: ({ entry, checkpoint }) => [at('proof', lines(entry, /^index /)), at('checkpoint', textOf(checkpoint).split('\n')[1] ?? '')],
  freshness: ({ root: { windows }, checkpoint, root }) => [
    at('checkpoint', signersOf(checkpoint, witnessNames(root))),
    at('trust root', `${windows.registerMaxAgeDays} days to register, ${windows.recoverMaxAgeDays} to recover`),
  ],
  epoch: ({ text }) => [at('note', lines(text, /^(?:epoch|previous|min-epoch) /))],
  consistency: ({ checkpoint, entry }) => [at('checkpoint', textOf(checkpoint)), at('proof', entry)],
  'validity-window': ({ text }) => [at('note', lines(text, /^(?:issued|expires) /))],
  'trust-root': ({ text, root }) => [
    at('note', lines(text, /^(?:trust-root|deployment) /)),
    at('trust root', `version ${root.version} sha256:${hexOf(trustRootDigest(root))}`),
  ],
  'member-keys': ({ text }) => [at('note', lines(text, /^member /))],
  'memory-saved': () => [],
};

function at(from: string, text: string): LookedAt {
  return { from, text: text.trimEnd() };
}

function partsOf(source: string, root: TrustRoot): Parts {
  const note = orEmpty(() => bundleNoteOf(source));
  const split = note.lastIndexOf('\n\n');
  const proof = isProof(source) ? source : '';
  return {
    source,
    root,
    note,
    text: split < 0 ? note : note.slice(0, split + 1),
    signatures: split < 0 ? '' : note.slice(split + 2),
    checkpoint: orEmpty(() => (proof === '' ? '' : openBundleProof(proof).checkpoint)),
    entry: (proof.split('\n\n', 1)[0] ?? '')
      .split('\n')
      .slice(1)
      .filter((line) => !line.startsWith('extra '))
      .join('\n'),
  };
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return '';
    throw error;
  }
}

function lines(text: string, wanted: RegExp): string {
  return text
    .split('\n')
    .filter((line) => wanted.test(line))
    .join('\n');
}

function textOf(checkpoint: string): string {
  return checkpoint.split('\n\n', 1)[0] ?? '';
}

function signersOf(checkpoint: string, names: readonly string[]): string {
  return checkpoint
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(`\u2014 ${name} `)))
    .join('\n');
}

function witnessNames(root: TrustRoot): readonly string[] {
  return root.log?.witnesses.witnesses.map(({ vkey }) => vkey.name) ?? [];
}
