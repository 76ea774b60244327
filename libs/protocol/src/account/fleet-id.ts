import { invalid } from '../errors/protocol-error.js';

/**
 * Name of a fleet: 1 to 32 of a-z, 0-9 and inner hyphens. It is a token of NATS subjects (`<fleetId>-<node>`) and a word of the
 * bundle text, so nothing else may get through. @throws REQUEST_INVALID naming `field`
 */
export function parseFleetId(text: string, field = 'fleetId'): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text)) throw invalid(field, 'is not a fleet name');
  return text;
}
