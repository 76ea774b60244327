import { formatTrustRoot } from '../trust-root/trust-root-document.js';
import { loggedTrustRoot } from '../example/example-log.js';
import { brokenLogs } from './broken-logs.js';
import { brokenTexts } from './broken-texts.js';
import { brokenTimes } from './broken-times.js';
import type { InvalidCase, ValidCase, VectorTrustRoot } from './proof-case.js';
import { validProofs } from './valid-proofs.js';
import { unwitnessedTrustRoot } from './vector-log.js';

export type ProofVectors<Case> = {
  readonly source: string;
  readonly trustRoots: Readonly<Record<VectorTrustRoot, string>>;
  readonly cases: readonly Case[];
};

const source = 'this project: docs/TRANSPARENCY.md 3, from fixed keys and times by libs/transparency/src/vectors';

/** What `test-vectors/valid/proofs.json` holds. */
export function validProofVectors(): ProofVectors<ValidCase> {
  return { source, trustRoots: trustRoots(), cases: validProofs() };
}

/** What `test-vectors/invalid/proofs.json` holds. */
export function invalidProofVectors(): ProofVectors<InvalidCase> {
  return { source, trustRoots: trustRoots(), cases: [...brokenTexts(), ...brokenLogs(), ...brokenTimes()] };
}

function trustRoots(): Readonly<Record<VectorTrustRoot, string>> {
  return { logged: formatTrustRoot(loggedTrustRoot), unwitnessed: formatTrustRoot(unwitnessedTrustRoot) };
}
