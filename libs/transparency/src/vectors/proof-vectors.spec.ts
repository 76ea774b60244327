import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { verifyBundle } from '../check/verify-bundle.js';
import { CHECKS } from '../check/check.js';
import { parseTrustRoot } from '../trust-root/trust-root-document.js';
import { judgeCase } from './judge-case.js';
import type { InvalidCase, ValidCase } from './proof-case.js';
import { invalidProofVectors, validProofVectors, type ProofVectors } from './proof-vectors.js';

/** Case is what that file of `test-vectors/` holds. */
function read<Case>(path: string): ProofVectors<Case> {
  const parsed: ProofVectors<Case> = JSON.parse(readFileSync(new URL(`../../../../test-vectors/${path}`, import.meta.url), 'utf8'));
  return parsed;
}

const valid = read<ValidCase>('valid/proofs.json');
const invalid = read<InvalidCase>('invalid/proofs.json');
const roots = { logged: parseTrustRoot(valid.trustRoots.logged), unwitnessed: parseTrustRoot(valid.trustRoots.unwitnessed) };

describe('the vectors of proofs', () => {
  it('follow from the fixed keys and times', () => {
    expect(valid).toEqual(validProofVectors());
    expect(invalid).toEqual(invalidProofVectors());
  });

  it('are more than a hundred, each with a name of its own, and break every check that a text alone can break', () => {
    const names = [...valid.cases.map(({ name }) => `+ ${name}`), ...invalid.cases.map(({ check, name }) => `${check} ${name}`)];
    expect(names.length).toBeGreaterThan(100);
    expect(new Set(names).size).toBe(names.length);
    // Step 7 only computes; step 20 is the caller's.
    const all = Object.entries(CHECKS).filter(([, number]) => number !== 7 && number !== 20);
    expect(new Set(invalid.cases.map(({ check }) => check))).toEqual(new Set(all.map(([check]) => check)));
  });

  it.each(valid.cases)('are accepted: $name', ({ outcomes, ...each }) => {
    expect(judgeCase(verifyBundle, roots[each.trustRoot], each)).toEqual({ accepted: true, outcomes });
  });

  it.each(invalid.cases)('are refused by step $number: $name', ({ number, check, kind, ...each }) => {
    expect(judgeCase(verifyBundle, roots[each.trustRoot], each)).toEqual({ accepted: false, number, check, kind });
  });
});
