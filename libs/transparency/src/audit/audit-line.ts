/** The checks of TRANSPARENCY 6, numbered from 1 in the order in which they are told. */
export const AUDIT_CHECKS = [
  'trust-root',
  'same-view',
  'witnesses',
  'saved-state',
  'replay',
  'chain',
  'both-signatures',
  'succession',
  'keys',
  'head',
  'evidence',
  'possession',
  'software',
] as const;

export type AuditCheck = (typeof AUDIT_CHECKS)[number];

/** `skipped`: it could not be looked at, or there was nothing to look at. It is never counted as `ok`. */
export type AuditOutcome = 'ok' | 'FAIL' | 'skipped';

export type AuditLine = {
  readonly number: number;
  readonly check: AuditCheck;
  readonly outcome: AuditOutcome;
  readonly saw: string;
};

/** `misbehaviour`: the log signed two trees that exclude each other, and the evidence is there for anybody to check. */
export type Verdict = 'verified' | 'failed' | 'incomplete' | 'misbehaviour';

export function auditLine(check: AuditCheck, outcome: AuditOutcome, saw: string): AuditLine {
  return { number: AUDIT_CHECKS.indexOf(check) + 1, check, outcome, saw };
}

/** `ok` unless there are problems; of many the first is told, and how many more there are. */
export function lineOf(check: AuditCheck, problems: readonly string[], saw: string): AuditLine {
  const [first, ...more] = problems;
  if (first === undefined) return auditLine(check, 'ok', saw);
  return auditLine(check, 'FAIL', more.length === 0 ? first : `${first}; and ${more.length} more`);
}

/** Verified only when every check ran and holds. */
export function verdictOf(lines: readonly AuditLine[], forks: number): Verdict {
  if (forks > 0) return 'misbehaviour';
  if (lines.some(({ outcome }) => outcome === 'FAIL')) return 'failed';
  const all = AUDIT_CHECKS.every((check) => lines.some((line) => line.check === check));
  return all && lines.every(({ outcome }) => outcome === 'ok') ? 'verified' : 'incomplete';
}

/** What a person is told; every tool says it in the same words. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  verified: 'verified',
  failed: 'NOT verified: a check failed',
  incomplete: 'not verified in full: what was skipped could not be checked',
  misbehaviour: 'MISBEHAVIOUR: the log signed two trees that exclude each other',
};

/** Hosts that are not trusted have a say in what a check saw: none of it may steer a terminal or turn a page's text around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 500);
}
