import { describe, expect, it } from '@jest/globals';
import { AUDIT_CHECKS, CHECKS, type AuditReport, type Verdict } from '@strongroom/transparency';
import { withMemorySaved, type JudgedBundle, type ShownCheck, type ShownOutcome } from '../judge/judge-bundle.js';
import { headlineOf, type Shown } from './shown.js';

const NAMES = Object.keys(CHECKS).filter((name): name is ShownCheck['check'] => name in CHECKS);

function judged(outcomes: Readonly<Record<string, ShownOutcome>> = {}, verdict: JudgedBundle['verdict'] = 'holds'): JudgedBundle {
  const checks = NAMES.map((check) => ({ number: CHECKS[check], check, outcome: outcomes[check] ?? ('ok' as const), saw: '' }));
  return { verdict, checks, refusal: undefined, verified: undefined, gossipCode: undefined };
}

function report(verdict: Verdict, outcome: 'ok' | 'skipped' = 'ok'): AuditReport {
  const lines = AUDIT_CHECKS.map((check, i) => ({ number: i + 1, check, outcome, saw: '' }));
  return { verdict, lines, keys: [], forks: [], gossipCode: undefined, checkpoint: undefined };
}

const toneOf = (shown: Partial<Shown>): string =>
  headlineOf({ places: undefined, bundle: undefined, report: undefined, deployment: undefined, silent: [], ...shown }).tone;
const bundle = (one: JudgedBundle): Shown['bundle'] => ({ source: '', judged: one });

describe('the headline', () => {
  it('is good when everything ran and holds', () => {
    expect(
      headlineOf({ places: undefined, bundle: bundle(judged()), report: report('verified'), deployment: undefined, silent: [] }),
    ).toMatchObject({
      tone: 'good',
      title: 'Verified',
    });
  });

  it.each(NAMES.filter((name) => name !== 'memory-saved'))(
    'never calls a bundle good whose %s was skipped or has no witnesses',
    (check) => {
      for (const outcome of ['skipped', 'unwitnessed'] as const)
        expect(toneOf({ bundle: bundle(judged({ [check]: outcome })) })).toBe('open');
    },
  );

  it('calls a file whose nineteen checks hold what it is', () => {
    expect(
      headlineOf({
        places: undefined,
        bundle: bundle(judged({ 'memory-saved': 'skipped' })),
        report: undefined,
        deployment: undefined,
        silent: [],
      }),
    ).toMatchObject({
      tone: 'good',
      title: 'Nineteen checks hold',
    });
    expect(toneOf({ bundle: bundle(judged({ 'memory-saved': 'skipped' })), report: report('verified') })).toBe('open');
  });

  it('never calls an audit good in which something was skipped', () => {
    expect(toneOf({ bundle: bundle(judged()), report: report('incomplete', 'skipped') })).toBe('open');
  });

  it.each([
    [
      'a refused bundle',
      {
        bundle: bundle({
          ...judged(),
          verdict: 'failed' as const,
          refusal: { number: 6, check: 'both-signatures' as const, kind: 'invalid' as const },
        }),
      },
    ],
    ['a failed audit', { bundle: bundle(judged()), report: report('failed') }],
    ['a fork', { bundle: bundle(judged()), report: report('misbehaviour') }],
    [
      'failed evidence',
      { bundle: bundle(judged()), deployment: { checks: [{ check: 'custodians', outcome: 'failed' as const, saw: '' }], page: undefined } },
    ],
  ])('is bad for %s, whatever else holds', (_what, shown) => {
    expect(toneOf(shown)).toBe('bad');
  });
});

describe('a bundle that was remembered', () => {
  it('is verified when nothing else is open, and stays refused when it was', () => {
    expect(withMemorySaved(judged({ 'memory-saved': 'skipped' }), 'here').verdict).toBe('verified');
    expect(withMemorySaved(judged({ head: 'skipped' }), 'here').verdict).toBe('holds');
    const refused = judged({ 'memory-saved': 'unreached' }, 'failed');
    expect(withMemorySaved(refused, 'here')).toEqual(refused);
  });
});
