import { Injectable } from '@nestjs/common';
import { attemptConfirm, type confirmRequest, type confirmResponse, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import { parseLogValue, VaultError, type Bytes } from '@strongroom/protocol';
import type { BundleFleet } from '@strongroom/transparency';
import type { z } from 'zod';
import { BundleService } from '../bundle/bundle.service.js';
import { fleetNamed, onlyFleet } from '../bundle/fleet-directory.js';
import { fromText, toText } from '../encoding/base64url.js';
import { fromDecidedJson } from '../encoding/decided-json.js';
import { Collection } from '../fleet/collection.js';
import type { Decided } from '../fleet/decided.js';
import { FleetNodes } from '../fleet/fleet-nodes.js';
import { FleetSettings } from '../fleet/fleet-settings.js';
import { GatewayBus } from '../fleet/gateway-bus.js';
import { Gathering } from '../fleet/gathering.js';
import { LivenessService } from '../liveness/liveness.service.js';
import type { Account } from '../token/account.js';
import { without } from './preferring.js';

type ConfirmAnswer = Omit<z.infer<typeof confirmResponse>, 'bundle'>;
type SealedSecret = ResponseOf<typeof attemptConfirm>;

/** Carries the proof of the right code to every live node and brings the sealed secrets back (PROTOCOL 6.5). */
@Injectable()
export class ConfirmService {
  constructor(
    private readonly bus: GatewayBus,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
    private readonly settings: FleetSettings,
  ) {}

  /**
   * Acknowledged when q nodes have it durable; at the deadline t secrets are worth an answer too, as they open the record.
   * @throws REQUEST_INVALID naming the field; what the nodes agree on, else FLEET_UNAVAILABLE
   */
  async confirm(account: Account, attemptId: Bytes, request: z.infer<typeof confirmRequest>): Promise<ConfirmAnswer> {
    const { ver, index, avoid = [] } = request;
    const decided = request.decided === undefined ? undefined : fromDecidedJson(request.decided, 'decided');
    const fleet = this.fleetOf(decided);
    const confirmation = { uid: account.uid, ver, index, attemptId, signature: fromText(request.signature, 'signature') };
    const live = without(this.liveness.ranked(fleet, account.uid), avoid, fleet.q);
    const secrets = await this.gather(fleet, live, { confirmation, ...(decided === undefined ? {} : { decided }) });
    return { secrets: secrets.map(({ node, sealedSecret }) => ({ node, sealedSecret: toText(sealedSecret) })) };
  }

  private gather(fleet: BundleFleet, live: readonly number[], request: RequestOf<typeof attemptConfirm>): Promise<readonly SealedSecret[]> {
    const nodes = new FleetNodes(this.bus, fleet.fleetId);
    const { patience } = this.settings;
    const ask = async (node: number): Promise<SealedSecret> => {
      const answer = await nodes.ask(node, attemptConfirm, request, patience.deadlineMs);
      if (answer.node !== node) throw new VaultError('NODE_MISBEHAVED', 'answers as another node', { node });
      return answer;
    };
    return new Gathering(live, new Collection<SealedSecret>(live.length, fleet.q, fleet.t), ask, patience).result;
  }

  private fleetOf(decided: Decided | undefined): BundleFleet {
    if (decided === undefined) return onlyFleet(this.bundles.current, 'decided');
    return fleetNamed(this.bundles.current, parseLogValue(decided.value, () => true).entry.core.fleetId);
  }
}
