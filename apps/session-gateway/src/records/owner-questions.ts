import { Injectable } from '@nestjs/common';
import type { RpcContract } from '@strongroom/contracts';
import { nodeVerifier } from '@strongroom/platform';
import { VaultError, verifySignedStatement, type Bytes, type SignedStatement } from '@strongroom/protocol';
import { BundleService } from '../bundle/bundle.service.js';
import { fleetNamed } from '../bundle/fleet-directory.js';
import { Collection } from '../fleet/collection.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { FleetSettings } from '../fleet/fleet-settings.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { Gathering } from '../fleet/gathering.js';
import { LivenessService } from '../liveness/liveness.service.js';
import { requireOwn, type Account } from '../token/account.js';
import { signedQuery } from './signed-query.js';

/** What an owner may ask every node, and how an answer is checked beyond its signature. */
export interface OwnerQuestion<Answer extends { readonly statement: SignedStatement }> {
  readonly contract: RpcContract<{ query: Bytes; signature: Bytes; token: string }, Answer>;
  /** @throws REQUEST_INVALID naming the field */
  readonly parse: (query: Bytes) => { readonly fleetId: string; readonly uid: Bytes; readonly bindingKey: Bytes };
  /** @throws VaultError for an answer that does not count */
  readonly check?: (answer: Answer, node: number) => void;
}

/** Asks the nodes what the owner of an account signed a question for; each answers under its own signature. */
@Injectable()
export class OwnerQuestions {
  constructor(
    private readonly bus: GatewayBus,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
    private readonly settings: FleetSettings,
  ) {}

  /**
   * At least q answers; each live node has a hedge delay to add its own, so that the client sees who disagrees.
   * @param proof the header, which shows that the asker holds the bound key: a copied token alone reads nothing
   * @throws REQUEST_INVALID naming the header or a field of the query; TOKEN_INVALID; what the nodes agree on, else FLEET_UNAVAILABLE
   */
  async ask<Answer extends { readonly statement: SignedStatement }>(
    account: Account,
    proof: unknown,
    { contract, parse, check = () => undefined }: OwnerQuestion<Answer>,
  ): Promise<readonly Answer[]> {
    const { query, signature } = signedQuery(proof);
    const parsed = parse(query);
    requireOwn(account, parsed);
    const fleet = fleetNamed(this.bundles.current, parsed.fleetId);
    const nodes = new FleetNodes(this.bus, fleet.fleetId);
    const { patience } = this.settings;
    const live = this.liveness.ranked(fleet, account.uid);
    const ask = async (node: number): Promise<Answer> => {
      const answer = await nodes.ask(node, contract, { query, signature, token: account.token }, patience.deadlineMs);
      if (answer.statement.node !== node) throw new VaultError('NODE_MISBEHAVED', 'answers as another node', { node });
      verifySignedStatement(answer.statement, fleet, nodeVerifier);
      check(answer, node);
      return answer;
    };
    return new Gathering(live, new Collection<Answer>(live.length, fleet.q), ask, patience, true).result;
  }
}
