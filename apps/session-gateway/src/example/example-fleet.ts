import type { attemptEvaluate, ResponseOf } from '@strongroom/contracts';
import { nodeSigner } from '@strongroom/platform';
import {
  encodeAccountStatement,
  encodeHistoryPage,
  encodeHistoryStatement,
  encodeLogValue,
  encodeVote,
  generateHpkeKeyPair,
  historyPageHash,
  logValueHash,
  parseEntry,
  parseHistoryQuery,
  parseStatusQuery,
  signBatch,
  type Bytes,
  type SignedStatement,
} from '@strongroom/protocol';
import {
  DEFAULT_WINDOWS,
  assembleNote,
  deriveBundleText,
  makeVkey,
  signEnrolment,
  signNoteText,
  type TrustRoot,
} from '@strongroom/transparency';
import type { Decided } from '../fleet/decided.js';

/** For specs: a fleet of five whose keys and signatures are real and always the same. */
export const NOW_MS = 1_800_000_000_000;
export const FLEET_ID = 'eu-1';
export const NODES = [1, 2, 3, 4, 5] as const;

const signerOf = (seed: number): ReturnType<typeof nodeSigner> => nodeSigner(new Uint8Array(32).fill(seed));
const operator = signerOf(201);
const auditor = signerOf(202);
const fleet = { fleetId: FLEET_ID, epoch: 1 };
const incarnations = [1, 1, 1, 1, 1];
const zeros = new Uint8Array(32);

export const exampleTrustRoot: TrustRoot = {
  version: 1,
  namespace: 'strongroom.example/dev',
  operator: makeVkey('strongroom.example/operator', operator.publicKey),
  auditor: makeVkey('auditor.example/strongroom', auditor.publicKey),
  windows: DEFAULT_WINDOWS,
};

const hpkeKeys = await Promise.all(NODES.map((node) => generateHpkeKeyPair({ bytes: (length) => new Uint8Array(length).fill(node) })));

/** A bundle text that announces the example's nodes. */
export function exampleBundle(trustRoot: TrustRoot, previousText?: string): string {
  const parameters = { suite: 1, n: 5, t: 3, q: 3, attempts: 10, ksf: 'argon2id:65536:3:1' } as const;
  return deriveBundleText({
    trustRoot,
    previousText,
    issuedAt: NOW_MS / 1000 - 10,
    expiresAt: NOW_MS / 1000 + 86_400,
    fleets: [{ ...fleet, ...parameters, state: 'active', statements: NODES.map(enrolment) }],
  });
}

const text = exampleBundle(exampleTrustRoot);

function enrolment(node: number): Bytes {
  const signer = signerOf(node);
  const about = { environment: 'software', keystore: 'sealed-file', software: '0.1.0', issuedAt: NOW_MS / 1000 - 60 } as const;
  return signEnrolment({ identityKey: signer.publicKey, hpkeKey: hpkeKeys[node - 1]?.publicKey ?? zeros, ...about }, signer);
}

/** Signed by auditor and operator. */
export function noteOf(bundle: string): string {
  return assembleNote(bundle, [
    signNoteText(bundle, exampleTrustRoot.auditor.name, auditor),
    signNoteText(bundle, exampleTrustRoot.operator.name, operator),
  ]);
}

/** The bundle of epoch 1. */
export const exampleNote = noteOf(text);

/** The same text, signed by the operator alone in both places. */
export const forgedNote = assembleNote(text, [
  signNoteText(text, exampleTrustRoot.auditor.name, operator),
  signNoteText(text, exampleTrustRoot.operator.name, operator),
]);

/** Index 1 decided as `entry`, by the votes of `voters`. */
export function decidedBy(entry: Bytes, voters: readonly number[] = [1, 2, 3]): Decided {
  const parsed = parseEntry(entry, () => true);
  const value = encodeLogValue({ stampMs: NOW_MS, lastOk: 0, entry: parsed });
  const { uid } = parsed.core;
  const about = {
    uid,
    index: 1,
    ballot: { round: 0, node: 1, incarnation: 1 },
    valueHash: logValueHash(value),
    spent: 1,
    lastOk: 0,
    recordHash: zeros,
  };
  return { index: 1, value, votes: voters.map((node) => mutable(signed(node, encodeVote({ ...fleet, node, incarnations, ...about })))) };
}

/** What `node` answers when it holds the votes. */
export function evaluationBy(node: number, decided: Decided): ResponseOf<typeof attemptEvaluate> {
  return { node, decided, evaluation: new Uint8Array(96).fill(node), record: Uint8Array.of(7), signature: new Uint8Array(64).fill(node) };
}

/** What `node` says of an account that has nothing. */
export function statusBy(node: number, query: Bytes): Decided['votes'][number] {
  const { uid, nonce } = parseStatusQuery(query);
  const account = { uid, index: 0, ver: 0, activeVer: 0, status: 'none', recordHash: zeros, spent: 0, attempts: 10 } as const;
  return mutable(
    signed(node, encodeAccountStatement({ ...fleet, node, incarnations, ...account, lastOk: 0, pendingAtMs: 0, retryAtMs: 0, nonce })),
  );
}

/** A page of the history of an account about which nothing was decided. */
export function historyBy(node: number, query: Bytes): { readonly statement: Decided['votes'][number]; readonly page: Bytes } {
  const { uid, nonce, before } = parseHistoryQuery(query);
  const page = encodeHistoryPage({ first: 1, items: [] });
  const about = { uid, nonce, before, index: 0, from: 1, open: false, pageHash: historyPageHash(page) };
  return { page, statement: mutable(signed(node, encodeHistoryStatement({ ...fleet, node, incarnations, ...about }))) };
}

function signed(node: number, statement: Bytes): SignedStatement {
  const [first] = signBatch(fleet, { node, incarnation: 1, sequence: 1, previous: zeros }, [statement], signerOf(node)).statements;
  if (first === undefined) throw new RangeError('a batch has at least one statement');
  return first;
}

function mutable(statement: SignedStatement): Decided['votes'][number] {
  return { ...statement, path: [...statement.path] };
}
