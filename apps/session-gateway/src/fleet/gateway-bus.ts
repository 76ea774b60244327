import type { Bus } from '@strongroom/platform';

/** The part of the bus that the gateway uses: it asks and listens, and serves nobody. */
export abstract class GatewayBus implements Pick<Bus, 'state' | 'call' | 'onBroadcast' | 'onEvent' | 'kept'> {
  abstract readonly state: Bus['state'];
  abstract readonly call: Bus['call'];
  abstract readonly onBroadcast: Bus['onBroadcast'];
  abstract readonly onEvent: Bus['onEvent'];
  abstract readonly kept: Bus['kept'];
}
