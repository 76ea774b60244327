import { permissionsVariable, renderNatsPermissions } from '@strongroom/contracts';
import type { BusPublicKeys } from './bus-keys.js';

/** A login that may do everything. No vault has one: tests stand with it where an attacker on the bus would. */
export interface OpenLogin {
  readonly user: string;
  readonly password: string;
}

export interface NatsConfiguration {
  readonly port: number;
  readonly keys: BusPublicKeys;
  /** Where kept events lie. */
  readonly storeDir: string;
  readonly open?: OpenLogin | undefined;
}

/** The configuration of an embedded server: loopback only, no monitoring port. */
export function natsConfig({ port, keys, storeDir, open }: NatsConfiguration): string {
  return [
    `jetstream { store_dir: ${JSON.stringify(storeDir)}, max_memory_store: 16MB, max_file_store: 256MB }`,
    `listen: "127.0.0.1:${port}"`,
    'max_payload: 1MB',
    'write_deadline: "5s"',
    'lame_duck_duration: "30s"',
    busAuthorization(keys, open),
  ].join('\n');
}

/** The `authorization` block: each user with its nkey and no more than its permissions. Holds no secret without `open`. */
export function busAuthorization(keys: BusPublicKeys, open?: OpenLogin): string {
  return [
    'authorization {',
    'timeout: 5',
    renderNatsPermissions(),
    'users: [',
    ...[...keys].map(([user, publicKey]) => `  { nkey: "${publicKey}", permissions: $${permissionsVariable(user)} }`),
    ...(open === undefined ? [] : [`  { user: "${open.user}", password: "${open.password}" }`]),
    ']',
    '}',
    '',
  ].join('\n');
}
