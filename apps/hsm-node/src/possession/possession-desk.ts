import type { nodePossession, RequestOf, ResponseOf } from '@strongroom/contracts';
import type { Signer } from '@strongroom/protocol';
import { possessionMessage, type Possession } from '@strongroom/transparency';
import type { Roster } from '../roster/roster.js';

/** What a node runs: the version in its enrolment statement, and what it found installed when it started. */
export type NodeSoftware = Pick<Possession, 'software' | 'artifacts'>;

/** Shows a stranger that this node holds its identity key now (TRANSPARENCY 6). */
export class PossessionDesk {
  constructor(
    private readonly roster: Pick<Roster, 'fleetId' | 'epoch' | 'self'>,
    private readonly software: NodeSoftware,
    private readonly signer: Signer,
  ) {}

  /** Serves `nodePossession`. */
  answer({ nonce }: RequestOf<typeof nodePossession>): ResponseOf<typeof nodePossession> {
    const { fleetId, epoch, self: node } = this.roster;
    const { software, artifacts } = this.software;
    const signature = this.signer.sign(possessionMessage({ fleetId, epoch, node, software, artifacts }, nonce));
    return { epoch, software, artifacts, signature };
  }
}
