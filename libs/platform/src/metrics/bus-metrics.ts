import type { BusObserver } from '../bus/bus-observer.js';
import type { Metrics } from './metrics.js';

/** Counts served calls and dropped messages by contract. The labels are names of contracts and codes: few, and public. */
export function busMetrics(metrics: Metrics): BusObserver {
  const served = metrics.counter({
    thing: 'calls_served',
    unit: 'total',
    help: 'Served calls by contract and outcome.',
    labels: ['contract', 'outcome'],
  });
  const dropped = metrics.counter({
    thing: 'messages_dropped',
    unit: 'total',
    help: 'Messages nobody could be answered for.',
    labels: ['contract', 'reason'],
  });
  return {
    served: (contract, outcome) => served.inc({ contract, outcome }),
    dropped: (contract, reason) => dropped.inc({ contract, reason }),
  };
}
