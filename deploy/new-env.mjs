import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** `node deploy/new-env.mjs`: writes `.env` with fresh passwords for docker-compose.yml; refuses to replace one. */
const names = ['NATS_PASSWORD', 'POSTGRES_PASSWORD', 'REGISTRY_DB_PASSWORD', 'PUBLISHER_DB_PASSWORD', 'AUDITOR_DB_PASSWORD'];
// The letter in front keeps the bus's configuration from reading digits as a number.
const lines = names.map((name) => `${name}=k${randomBytes(24).toString('hex')}\n`);
writeFileSync('.env', lines.join(''), { flag: 'wx', mode: 0o600 });
