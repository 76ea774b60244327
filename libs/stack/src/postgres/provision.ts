import pg from 'pg';

/** A database and the role that owns it; no other service's role may connect to it. */
export interface DatabaseOwner {
  readonly name: string;
  readonly password: string;
}

/** Makes role and database of the same name where they are missing and sets the role's password; harmless to repeat. */
export async function provision(adminUrl: string, owners: readonly DatabaseOwner[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    for (const { name, password } of owners) {
      const role = client.escapeIdentifier(name);
      const exists = async (query: string): Promise<boolean> => (await client.query(query, [name])).rowCount !== 0;
      if (!(await exists('SELECT 1 FROM pg_roles WHERE rolname = $1'))) await client.query(`CREATE ROLE ${role} LOGIN`);
      await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`);
      if (!(await exists('SELECT 1 FROM pg_database WHERE datname = $1'))) await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
      await client.query(`REVOKE CONNECT ON DATABASE ${role} FROM PUBLIC`);
    }
  } finally {
    await client.end();
  }
}

/** Whether a server answers a query at `url`. */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined); // a server that is still starting may hang up; the query below says so too
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
