/**
 * The logins of the bus: one for each kind of service, `observer` for whoever only watches, `event-keeper` for whoever
 * tells the server to keep events.
 */
export const BUS_USERS = [
  'fleet-registry',
  'bundle-publisher',
  'bundle-auditor',
  'session-gateway',
  'hsm-node',
  'observer',
  'event-keeper',
] as const;

export type BusUser = (typeof BUS_USERS)[number];

/**
 * Where the answers to a caller arrive, under its first token a name that nobody can guess. The user stands in it, so
 * that the server keeps the answers of one service from all others.
 */
export function inboxPrefix(user: string): string {
  return `_INBOX.${user}`;
}
