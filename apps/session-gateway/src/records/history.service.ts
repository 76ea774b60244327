import { Injectable } from '@nestjs/common';
import { accountHistory, type historyResponse, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import { equal, historyPageHash, parseHistoryQuery, parseHistoryStatement, VaultError, verifySignedStatement } from '@strongroom/protocol';
import type { BundleFleet } from '@strongroom/transparency';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { fleetNamed } from '../bundle/fleet-directory.js';
import { toText } from '../encoding/base64url.js';
import { toStatementJson } from '../encoding/decided-json.js';
import { Collection } from '../fleet/collection.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { FleetSettings } from '../fleet/fleet-settings.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { Gathering } from '../fleet/gathering.js';
import { LivenessService } from '../liveness/liveness.service.js';
import { requireOwn, type Account } from '../token/account.js';
import { signedQuery } from './signed-query.js';

type Answer = ResponseOf<typeof accountHistory>;
type HistoryAnswer = Omit<z.infer<typeof historyResponse>, 'bundle'>;

/** Collects a page of the account's history from the nodes, each signed by its own (PROTOCOL 4.7). */
@Injectable()
export class HistoryService {
  constructor(
    private readonly bus: GatewayBus,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
    private readonly settings: FleetSettings,
  ) {}

  /**
   * At least q pages; each live node has a hedge delay to add its own. The client checks them all again.
   * @param proof the header with the signed HistoryQuery
   * @throws REQUEST_INVALID naming the header or a field of the query; TOKEN_INVALID; what the nodes agree on, else FLEET_UNAVAILABLE
   */
  async history(account: Account, proof: unknown): Promise<HistoryAnswer> {
    const { query, signature } = signedQuery(proof);
    const parsedQuery = parseHistoryQuery(query);
    requireOwn(account, parsedQuery);
    const fleet = fleetNamed(this.bundles.current, parsedQuery.fleetId);
    const answers = await this.gather(fleet, this.liveness.ranked(fleet, account.uid), { query, signature, token: account.token });
    return { pages: answers.map(({ statement, page }) => ({ statement: toStatementJson(statement), page: toText(page) })) };
  }

  private gather(fleet: BundleFleet, live: readonly number[], request: RequestOf<typeof accountHistory>): Promise<readonly Answer[]> {
    const nodes = new FleetNodes(this.bus, fleet.fleetId);
    const { patience } = this.settings;
    const ask = async (node: number): Promise<Answer> => {
      const answer = await nodes.ask(node, accountHistory, request, patience.deadlineMs);
      requirePageOf(answer, node, fleet);
      return answer;
    };
    return new Gathering(live, new Collection<Answer>(live.length, fleet.q), ask, patience, true).result;
  }
}

function requirePageOf({ statement, page }: Answer, node: number, fleet: BundleFleet): void {
  if (statement.node !== node) throw new VaultError('NODE_MISBEHAVED', 'answers as another node', { node });
  verifySignedStatement(statement, fleet, nodeVerifier);
  if (!equal(parseHistoryStatement(statement.statement).pageHash, historyPageHash(page))) {
    throw new VaultError('NODE_MISBEHAVED', 'sends another page than it signed', { node });
  }
}
