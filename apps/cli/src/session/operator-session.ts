import { OperatorClient, developmentOperator } from '@strongroom/stack';
import type { CliConfig } from '../config.js';
import { gatewayUrlOf } from './open-session.js';

/** The operator's side of the gateway, with STRONGROOM_OPERATOR_TOKEN or the development issuer. */
export function operatorOf(options: { readonly gateway?: string | undefined }, config: CliConfig): OperatorClient {
  const given = config.STRONGROOM_OPERATOR_TOKEN;
  const token = given === undefined ? developmentOperator() : () => Promise.resolve(given);
  return new OperatorClient({ gatewayUrl: gatewayUrlOf(options, config), token });
}
