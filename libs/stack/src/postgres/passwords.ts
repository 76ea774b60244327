import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const passwords = z.record(z.string(), z.string().min(1));
export type Passwords = z.infer<typeof passwords>;

/** One random password for each name, made at the first start and kept in `passwords.json` for its owner's eyes only. */
export function passwordsOf(folder: string, names: readonly string[]): Passwords {
  const file = join(folder, 'passwords.json');
  const kept = existsSync(file) ? passwords.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const missing = names.filter((name) => kept[name] === undefined);
  if (missing.length === 0) return kept;
  const all = { ...kept, ...Object.fromEntries(missing.map((name) => [name, randomBytes(24).toString('base64url')])) };
  writeFileSync(file, JSON.stringify(all), { mode: 0o600 });
  return all;
}
