import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, nkeys, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allContracts,
  BUS_USERS,
  EVENT_STREAM_API,
  inboxPrefix,
  NOTICE_STREAM_API,
  permissionsOf,
  type BusUser,
} from '@strongroom/contracts';
import { Bus, nkeyLogin, SILENT_LOG } from '@strongroom/platform';
import { startNats, type RunningNats } from '@strongroom/stack';

/** One subject of each contract, as a fleet uses it. */
const SUBJECTS = allContracts().map(({ subject, addressed }) => (addressed ? `${subject}.main-1` : subject));
const ELSEWHERE = [
  ...Object.values(EVENT_STREAM_API),
  ...Object.values(NOTICE_STREAM_API),
  'strongroom.rpc.hsm-node.attempt.evaluate.v2.main-1',
  '$SYS.REQ.SERVER.PING',
  '$JS.API.INFO',
  'anything',
];
const INBOXES = BUS_USERS.map((user) => `${inboxPrefix(user)}.0123.1`);

let dir: string;
let nats: RunningNats;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'bus-users-'));
  nats = await startNats({ dataDir: dir, env: { PATH: process.env['PATH'] }, openLogin: true });
});

afterAll(async () => {
  await nats.stop();
  rmSync(dir, { recursive: true });
});

describe.each(BUS_USERS)('the bus user %s', (user) => {
  it('speaks and listens where its permissions say, and nowhere else', async () => {
    const { publish, subscribe } = permissionsOf(user);
    const subjects = [...SUBJECTS, ...ELSEWHERE, ...INBOXES];
    const allowed = (list: readonly string[]): readonly string[] =>
      subjects.filter((each) => list.some((pattern) => matches(pattern, each)));
    expect(await refused(user, subjects)).toEqual({
      publish: subjects.filter((each) => !allowed(publish).includes(each)),
      subscribe: subjects.filter((each) => !allowed(subscribe).includes(each)),
    });
  });
});

describe('the users of the bus', () => {
  it.each([
    ['session-gateway', 'strongroom.rpc.hsm-node.batch.announce.v1.main', 'cannot speak as a node'],
    ['session-gateway', 'strongroom.rpc.hsm-node.heartbeat.announce.v1.main', 'cannot say that a node is up'],
    ['session-gateway', 'strongroom.evt.bundle-publisher.bundle.published.v1', 'cannot announce a bundle'],
    ['session-gateway', 'strongroom.rpc.hsm-node.peer.fetch-record.v1.main-1', 'cannot ask nodes what only nodes ask'],
    ['fleet-registry', 'strongroom.rpc.hsm-node.attempt.evaluate.v1.main-1', 'cannot ask for an evaluation'],
    ['bundle-auditor', 'strongroom.rpc.bundle-publisher.bundle.propose.v1', 'cannot propose a bundle'],
    ['hsm-node', 'strongroom.rpc.bundle-auditor.bundle.countersign.v1', 'cannot ask for a signature'],
    ['observer', 'strongroom.evt.hsm-node.attempt.voted.v1', 'cannot make events up'],
  ] as const)('%s, on %s: %s', async (user, subject, _fact) => {
    expect((await refused(user, [subject])).publish).toEqual([subject]);
  });

  it.each([
    ['session-gateway', 'strongroom.rpc.hsm-node.attempt.evaluate.v1.main-1', 'cannot answer for a node'],
    ['session-gateway', 'strongroom.rpc.hsm-node.batch.announce.v1.main', 'cannot read what nodes tell each other'],
    ['observer', 'strongroom.rpc.>', 'cannot read calls'],
    ['observer', '>', 'cannot read everything'],
    ['observer', 'strongroom.rpc.hsm-node.account.notice.v1.main', 'cannot read whose attempt it was'],
    ['bundle-publisher', 'strongroom.rpc.hsm-node.account.notice.v1.main', 'cannot read whose attempt it was'],
    ['hsm-node', '_INBOX.session-gateway.>', 'cannot read the answers to others'],
  ] as const)('%s, from %s: %s', async (user, subject, _fact) => {
    expect((await refused(user, [subject])).subscribe).toEqual([subject]);
  });

  it('answers whoever asked, once, and nobody who did not', async () => {
    const server = await login('bundle-auditor');
    const caller = await login('bundle-publisher');
    const subject = 'strongroom.rpc.bundle-auditor.bundle.countersign.v1';
    const refusals = violations(server);
    server.subscribe(subject, { callback: (_, message) => [1, 2].forEach((n) => void message.respond(String(n))) });
    await server.flush();
    const answers: string[] = [];
    caller.subscribe(`${inboxPrefix('bundle-publisher')}.x.*`, { callback: (_, message) => void answers.push(message.string()) });
    caller.publish(subject, '', { reply: `${inboxPrefix('bundle-publisher')}.x.1` });
    await caller.flush();
    await server.flush();
    server.publish(`${inboxPrefix('bundle-publisher')}.x.2`, 'unasked');
    await server.flush();
    await caller.flush();
    await Promise.all([server.close(), caller.close()]);
    expect(answers).toEqual(['1']);
    expect(await refusals).toHaveLength(2);
  });

  it('lets strangers in nowhere', async () => {
    const servers = new URL(nats.url).host;
    const stranger = nkeys.createUser().getSeed();
    for (const credentials of [{}, { user: 'strongroom', pass: 'strongroom' }, { authenticator: nkeyAuthenticatorOf(stranger) }])
      await expect(connect({ servers, maxReconnectAttempts: 0, ...credentials })).rejects.toThrow(/[Aa]uthorization/);
  });

  it('takes a bus to its server by the file of its nkey', async () => {
    const options = { url: nats.url, nkeyFile: nats.keyFile('hsm-node'), name: 'hsm-node/spec', log: SILENT_LOG };
    const bus = await Bus.connect(options);
    expect(bus.state).toBe('connected');
    await bus.onApplicationShutdown();
    await expect(Bus.connect({ ...options, nkeyFile: join(dir, 'none'), connectDeadlineMs: 300 })).rejects.toMatchObject({
      code: 'FLEET_UNAVAILABLE',
    });
  });
});

function nkeyAuthenticatorOf(seed: Uint8Array): ReturnType<typeof nkeyLogin> {
  const pair = nkeys.fromSeed(seed);
  return (nonce) => ({ nkey: pair.getPublicKey(), sig: Buffer.from(pair.sign(Buffer.from(nonce ?? ''))).toString('base64url') });
}

function login(user: BusUser): Promise<NatsConnection> {
  return connect({ servers: new URL(nats.url).host, authenticator: nkeyLogin(nats.keyFile(user) ?? ''), maxReconnectAttempts: 0 });
}

interface Refusal {
  readonly operation: string;
  readonly subject: string;
}

/** Follows what the server refuses a connection; resolves when that is closed. */
async function violations(connection: NatsConnection): Promise<readonly Refusal[]> {
  const seen: Refusal[] = [];
  for await (const status of connection.status())
    if (status.type === 'error' && status.error instanceof PermissionViolationError) seen.push(status.error);
  return seen;
}

/** Tries each subject both ways. A server tells what it refuses before it answers the ping behind it. */
async function refused(
  user: BusUser,
  subjects: readonly string[],
): Promise<{ readonly publish: readonly string[]; readonly subscribe: readonly string[] }> {
  const connection = await login(user);
  const seen = violations(connection);
  for (const subject of subjects) {
    if (!/[*>]/.test(subject)) connection.publish(subject, '');
    connection.subscribe(subject, { callback: () => undefined });
  }
  await connection.flush();
  await connection.close();
  const refusals = await seen;
  const of = (kind: string): readonly string[] =>
    subjects.filter((each) => refusals.some(({ operation, subject }) => operation === kind && subject === each));
  return { publish: of('publish'), subscribe: of('subscription') };
}

/** A subject of a contract against one with the wildcards `*` and `>`. */
function matches(pattern: string, subject: string): boolean {
  const parts = pattern.split('.');
  const tokens = subject.split('.');
  return (
    parts.every((part, i) => part === '>' || part === '*' || part === tokens[i]) && (parts.at(-1) === '>' || parts.length === tokens.length)
  );
}
