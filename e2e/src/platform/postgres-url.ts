import { Secret } from '@strongroom/protocol';

/** DATABASE_URL of the run. Every spec works in schemas of its own. */
export function postgresUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) throw new Error('DATABASE_URL is not set');
  return url;
}

export function secretUrl(): Secret<string> {
  return new Secret(postgresUrl());
}
