import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/**
 * `node deploy/new-env.mjs [standard|hardened]`: writes `.env` with the profile of the fleet and fresh passwords for
 * docker-compose.yml; refuses to replace one.
 */
const [profile = 'standard'] = process.argv.slice(2);
if (profile !== 'standard' && profile !== 'hardened') throw new Error(`${profile} is neither standard nor hardened`);
const names = ['POSTGRES_PASSWORD', 'REGISTRY_DB_PASSWORD', 'PUBLISHER_DB_PASSWORD', 'AUDITOR_DB_PASSWORD'];
const passwords = names.map((name) => `${name}=${randomBytes(24).toString('hex')}\n`);
// Compose starts the nodes beyond five for COMPOSE_PROFILES, fleet-init forms the fleet by FLEET_PROFILE.
const chosen = [`FLEET_PROFILE=${profile}\n`, ...(profile === 'hardened' ? ['COMPOSE_PROFILES=hardened\n'] : [])];
writeFileSync('.env', [...chosen, ...passwords].join(''), { flag: 'wx', mode: 0o600 });
