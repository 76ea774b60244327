import type { Percentiles } from './percentiles.js';
import type { Report } from './report.js';

/** The report for people. */
export function reportText(report: Report): string {
  const { fleet, machine, failures } = report;
  const failed = Object.entries(failures).map(([code, count]) => `${count} ${code}`);
  return [
    '',
    `${report.mode === 'idle' ? 'One recovery at a time' : `${report.concurrency} recoveries at once`}, ${report.accounts} accounts, ` +
      `${fleet.n} nodes (${fleet.profile}: ${fleet.t} shares, ${fleet.q} votes), no key stretching`,
    '',
    ...(report.mode === 'load' ? [row('recoveries a second', report.recoveriesPerSecond.toFixed(1))] : []),
    row('recoveries measured', `${report.recoveries} in ${report.seconds.toFixed(1)} s`),
    row('verified completely', `${report.verified}, from the votes and proofs to the backup key`),
    row('hedges per recovery', report.hedgesPerRecovery.toFixed(2)),
    row('failed', failed.length === 0 ? 'none' : failed.join(', ')),
    '',
    row('latency, ms', '    p50      p95      p99      max'),
    row('  recovery', figures(report.latencyMs)),
    row('  attempt request', figures(report.attemptMs)),
    row('  confirm request', figures(report.confirmMs)),
    '',
    row('processor time, ms', 'per recovery, user and system'),
    ...Object.entries(report.cpuMsPerRecoveryOf).map(([name, ms]) => row(`  ${name}`, ms.toFixed(3).padStart(7))),
    row('gateway and nodes', report.cpuMsPerRecovery.toFixed(3).padStart(7)),
    row('cryptography alone', report.cryptoOnlyMsPerRecovery.toFixed(3).padStart(7)),
    ...report.cryptoOnly.map(({ work, times, microseconds }) =>
      row(`  ${work}`, `${String(times).padStart(3)} x ${microseconds.toFixed(1)} µs`),
    ),
    row('times the cryptography', report.timesCryptoOnly.toFixed(1)),
    '',
    row('machine', `${machine.cores} cores, ${machine.model}`),
    row(
      '  used by',
      `fleet ${percent(machine.fleet)}, generator ${percent(machine.generator)}, others ${percent(machine.others)}, stolen ${percent(machine.stolen)}`,
    ),
    '',
  ].join('\n');
}

function row(name: string, value: string): string {
  return `${name.padEnd(34)}${value}`;
}

function figures({ p50, p95, p99, max }: Percentiles): string {
  return [p50, p95, p99, max].map((ms) => ms.toFixed(1).padStart(8)).join(' ');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
