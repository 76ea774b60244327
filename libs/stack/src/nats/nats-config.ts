import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name and password that everyone on the embedded bus uses. */
export interface NatsLogin {
  readonly user: string;
  readonly password: string;
}

const USER = 'strongroom';

/** The login of this data folder, made at its first start: `bus-password`, for its owner's eyes only. */
export function loginOf(dataDir: string): NatsLogin {
  const file = join(dataDir, 'bus-password');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  }
  return { user: USER, password: readFileSync(file, 'utf8') };
}

/**
 * The server's configuration: loopback only, no monitoring port, one login. In a file and not among the arguments,
 * because every user of the machine can read those.
 */
export function natsConfig(port: number, { user, password }: NatsLogin): string {
  return [
    `listen: "127.0.0.1:${port}"`,
    'max_payload: 1MB',
    'write_deadline: "5s"',
    'lame_duck_duration: "30s"',
    `authorization { user: "${user}", password: "${password}", timeout: 5 }`,
    '',
  ].join('\n');
}
