import type { Report } from './report.js';

/** The report for people. */
export function reportText(report: Report): string {
  const { faults, rollbacks, availability, longestGapMs, quietGapMs, slowestAfterDeathMs, missed, calm, machine } = report;
  const none = 'not measured';
  return [
    '',
    row('operations', `${report.operations} on ${report.accounts} accounts, ${report.unknownOutcomes} with an outcome that nobody learned`),
    row(
      'faults',
      Object.entries(faults)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', '),
    ),
    row('disks made full by', `${report.diskFullBy}; ${report.endedByFullDisk} nodes ended by it`),
    row('rollbacks', `${rollbacks.made}, noticed ${rollbacks.detected} of ${rollbacks.due} that had to be`),
    row(
      'before the adversary',
      calm.medianMs === null ? none : `${calm.recoveries} recoveries, median ${calm.medianMs} ms, slowest ${calm.slowestMs} ms`,
    ),
    row(
      'machine',
      `${machine.cores} cores, ${Math.round(machine.busy * 100)} % in use; our own clients stood still for ${machine.longestStallMs} ms at most`,
    ),
    row('recoveries that count', `${report.recoveries}, while at most two nodes were down`),
    row('of them within 2 s', availability === null ? none : `${(availability * 100).toFixed(2)} % (aim: 100 %)`),
    ...missed.map(({ at, ms, outcome }) => row('  missed', `at ${(at / 1000).toFixed(1)} s: ${outcome} after ${ms} ms`)),
    row(
      'slowest after a death',
      slowestAfterDeathMs === null ? none : `${slowestAfterDeathMs} ms (aim: one hedge delay, 60 ms, above the slowest before)`,
    ),
    row('longest gap after a death', longestGapMs === null ? none : `${longestGapMs} ms without an answer to anybody`),
    row('  while nothing was down', quietGapMs === null ? none : `${quietGapMs} ms`),
    row('  before the adversary', calm.longestGapMs === null ? none : `${calm.longestGapMs} ms`),
    row('histories', report.linearizable ? `linearizable (${report.statesSearched} states searched)` : 'NOT LINEARIZABLE'),
    ...(report.undecidedHistories > 0 ? [row('  not decided', `${report.undecidedHistories} were too much to search`)] : []),
    row('violations', String(report.violations)),
    ...report.found.map(({ account, what }) => row('  violation', `${account}: ${what}`)),
    ...report.notes.map((note) => row('note', note)),
    '',
  ].join('\n');
}

function row(name: string, value: string): string {
  return `${name.padEnd(28)}${value}`;
}
