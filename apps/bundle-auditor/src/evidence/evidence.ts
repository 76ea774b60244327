import type { FleetEvidence } from '@strongroom/transparency';

/** Where the auditor reads what it re-derives bundles from. Nothing of it is believed: every statement is verified. */
export abstract class EvidenceSource {
  abstract evidence(): Promise<readonly FleetEvidence[]>;
}
