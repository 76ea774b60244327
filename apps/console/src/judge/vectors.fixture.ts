import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { InvalidCase, ProofCase, ProofVectors, ValidCase } from '@strongroom/transparency/vectors';
import type { BundleQuestion } from './judge-bundle.js';

/** What must come out: that of the shared corpus. */
export type Wanted =
  | { readonly accepted: true; readonly open: Readonly<Record<string, string>> }
  | { readonly accepted: false; readonly number: number; readonly check: string; readonly kind: string | undefined };

export type Vector = { readonly name: string; readonly question: BundleQuestion; readonly wanted: Wanted };

type OldCase = {
  readonly name: string;
  readonly note: string;
  readonly memory: { epoch: number; digest: string; minEpoch: number } | null;
};
type OldValid = { readonly trustRoot: string; readonly nowMs: number; readonly cases: readonly OldCase[] };
type OldInvalid = { readonly cases: readonly (OldCase & { readonly number: number; readonly check: string; readonly nowMs: number })[] };

/** T is what that file of `test-vectors/` holds. */
function read<T>(path: string): T {
  const parsed: T = JSON.parse(readFileSync(new URL(`../../../../test-vectors/${path}`, import.meta.url), 'utf8'));
  return parsed;
}

/** Every bundle of the shared corpus, good and bad: those in proofs, and the bare notes. */
export function allVectors(): readonly Vector[] {
  const valid = read<ProofVectors<ValidCase>>('valid/proofs.json');
  const invalid = read<ProofVectors<InvalidCase>>('invalid/proofs.json');
  const ask = (each: ProofCase): BundleQuestion => ({
    source: each.source,
    trustRoot: valid.trustRoots[each.trustRoot],
    purpose: each.purpose,
    nowMs: each.nowMs,
    memory: each.memory,
    consistency: each.consistency,
  });
  return [
    ...valid.cases.map((each): Vector => ({ name: each.name, question: ask(each), wanted: { accepted: true, open: each.outcomes } })),
    ...invalid.cases.map((each): Vector => ({
      name: each.name,
      question: ask(each),
      wanted: { accepted: false, number: each.number, check: each.check, kind: each.kind },
    })),
    ...bareNotes(),
  ];
}

/** What is skipped where the trust root names no log. */
const UNLOGGED = [
  'proof-grammar',
  'checkpoint-grammar',
  'log-signature',
  'cosignatures',
  'witness-quorum',
  'inclusion',
  'head',
  'freshness',
  'consistency',
];

function bareNotes(): readonly Vector[] {
  const valid = read<OldValid>('valid/bundle.json');
  const ask = ({ note, memory }: OldCase, nowMs: number): BundleQuestion => ({
    source: note,
    trustRoot: valid.trustRoot,
    purpose: 'register',
    nowMs,
    memory: memory && { ...memory, checkpoint: null },
    consistency: null,
  });
  const open = Object.fromEntries(UNLOGGED.map((check) => [check, 'skipped']));
  return [
    ...valid.cases.map((each): Vector => ({ name: each.name, question: ask(each, valid.nowMs), wanted: { accepted: true, open } })),
    ...read<OldInvalid>('invalid/bundle.json').cases.map((each): Vector => ({
      name: each.name,
      question: ask(each, each.nowMs),
      wanted: { accepted: false, number: each.number, check: each.check, kind: undefined },
    })),
  ];
}

/** The page as it was built. */
export function builtPage(): string {
  return fileURLToPath(new URL('../pages/audit.html', import.meta.url));
}
