import { Injectable } from '@nestjs/common';
import { accountStatus, type RequestOf, type ResponseOf, type statusResponse } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import { parseStatusQuery, VaultError, verifySignedStatement } from '@strongroom/protocol';
import type { BundleFleet } from '@strongroom/transparency';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { fleetNamed } from '../bundle/fleet-directory.js';
import { toStatementJson } from '../encoding/decided-json.js';
import { Collection } from '../fleet/collection.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { FleetSettings } from '../fleet/fleet-settings.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { Gathering } from '../fleet/gathering.js';
import { LivenessService } from '../liveness/liveness.service.js';
import { requireOwn, type Account } from '../token/account.js';
import { signedQuery } from './signed-query.js';

type Statement = ResponseOf<typeof accountStatus>['statement'];
type StatusAnswer = Omit<z.infer<typeof statusResponse>, 'bundle'>;

/** Collects the nodes' own signed views of an account. */
@Injectable()
export class StatusService {
  constructor(
    private readonly bus: GatewayBus,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
    private readonly settings: FleetSettings,
  ) {}

  /**
   * At least q views; each live node has a hedge delay to add its own, so that the client sees who disagrees.
   * @param proof the header, which shows that the asker holds the bound key: a copied token alone reads nothing
   * @throws REQUEST_INVALID naming the header or a field of the query; TOKEN_INVALID; what the nodes agree on, else FLEET_UNAVAILABLE
   */
  async status(account: Account, proof: unknown): Promise<StatusAnswer> {
    const { query, signature } = signedQuery(proof);
    const parsedQuery = parseStatusQuery(query);
    requireOwn(account, parsedQuery);
    const fleet = fleetNamed(this.bundles.current, parsedQuery.fleetId);
    const request = { query, signature, token: account.token };
    const statements = await this.gather(fleet, this.liveness.ranked(fleet, account.uid), request);
    return { statements: statements.map(toStatementJson) };
  }

  private gather(fleet: BundleFleet, live: readonly number[], request: RequestOf<typeof accountStatus>): Promise<readonly Statement[]> {
    const nodes = new FleetNodes(this.bus, fleet.fleetId);
    const { patience } = this.settings;
    const ask = async (node: number): Promise<Statement> => {
      const { statement } = await nodes.ask(node, accountStatus, request, patience.deadlineMs);
      if (statement.node !== node) throw new VaultError('NODE_MISBEHAVED', 'answers as another node', { node });
      verifySignedStatement(statement, fleet, nodeVerifier);
      return statement;
    };
    return new Gathering(live, new Collection<Statement>(live.length, fleet.q), ask, patience, true).result;
  }
}
