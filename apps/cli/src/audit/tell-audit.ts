import { printable, VERDICT_WORDS, type AuditOutcome, type AuditReport, type KeyChange, type Verdict } from '@strongroom/transparency';
import type { Style } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';

/** As TRANSPARENCY 6 has them; 64 is wrong usage. */
export const AUDIT_EXIT: Readonly<Record<Verdict, number>> = { verified: 0, failed: 1, incomplete: 2, misbehaviour: 3 };

const STYLES: Readonly<Record<AuditOutcome, Style>> = { ok: 'good', FAIL: 'bad', skipped: 'dim' };

export function tellAudit(terminal: Terminal, report: AuditReport): void {
  for (const { number, check, outcome, saw } of report.lines) {
    terminal.line(`${terminal.style(STYLES[outcome], outcome.padEnd(7))} ${String(number).padStart(2)} ${check}: ${printable(saw)}`);
  }
  for (const change of report.keys) terminal.line(terminal.style('dim', keyLine(change)));
  if (report.gossipCode !== undefined) {
    terminal.line(`gossip code ${report.gossipCode}: whoever sees the same size with another root was shown another log`);
  }
  terminal.line(terminal.style(report.verdict === 'verified' ? 'good' : 'bad', VERDICT_WORDS[report.verdict]));
}

export function keyLine({ epoch, change, fleetId, index, identityKey }: KeyChange): string {
  return `  epoch ${epoch} ${change === 'added' ? '+' : '-'} ${fleetId}-${index} ${identityKey}`;
}
