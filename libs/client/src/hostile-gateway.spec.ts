import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { attemptResponse, confirmResponse, registerResponse, statusResponse } from '@strongroom/contracts';
import {
  encodeVote,
  fromBase64url,
  parseAccountStatement,
  parseLogValue,
  parseVote,
  signBatch,
  toBase64url,
  VaultError,
  type Vote,
} from '@strongroom/protocol';
import { exampleSetup, exampleToken, type ExampleSetup } from './example/example-client.js';
import type { Fetch } from './gateway/gateway-http.js';
import { toCarriedDecision, toStatementJson } from './gateway/statement-json.js';

const KEY = new Uint8Array(32).fill(3);
const CODE = 'correct horse 7';
type AttemptAnswer = ReturnType<typeof attemptResponse.parse>;
let setup: ExampleSetup;

// Elliptic curves on a busy machine: the limit only catches what hangs.
jest.setTimeout(60_000);

beforeEach(async () => {
  setup = await exampleSetup();
  await setup.device().protect(KEY, CODE);
});

const spent = (): number => setup.gateway.logOf(setup.token).state.marks.filter(({ kind }) => kind === 'attempt').length;

/** Changes the answers to attempts, all of them or the first alone. */
function tamperAttempts(change: (answer: AttemptAnswer) => object, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  setup.gateway.tamper = (route, answer) => (route === 'POST /v1/attempts' && left-- > 0 ? change(attemptResponse.parse(answer)) : answer);
}

/** Signed again by the node itself: what a corrupt node could send. */
function revote<Answer extends Pick<AttemptAnswer, 'decided'>>(answer: Answer, node: number, changes: Partial<Vote>): Answer {
  const { roster, nodes } = setup.gateway.fleet;
  const votes = answer.decided.votes.map((vote) => {
    if (vote.node !== node) return vote;
    const head = { node, incarnation: 1, sequence: 99, previous: new Uint8Array(32) };
    const statement = encodeVote({ ...parseVote(fromBase64url(vote.statement)), ...changes });
    const signer = nodes[node - 1]?.identity;
    const signed = signer && signBatch(roster, head, [statement], signer).statements[0];
    if (!signed) throw new Error('no such node');
    return toStatementJson(signed);
  });
  return { ...answer, decided: { ...answer.decided, votes } };
}

const zeroed = (text: string): string => toBase64url(new Uint8Array(fromBase64url(text).length));

describe('a client before a hostile gateway or node', () => {
  it('excludes a node whose proof is wrong, reports it with the proof and recovers', async () => {
    setup.gateway.lying.add(2);
    const result = await setup.device().recover(CODE);
    expect(result.backupKey.reveal()).toEqual(KEY);
    expect(result.excluded).toContainEqual({ node: 2, reason: 'evaluation', proof: expect.stringMatching(/^[\w-]+\.[\w-]{86}$/) });
    expect(result.excluded).toContainEqual({ node: 2, reason: 'secret', proof: null });
    expect(result.confirmedBy).not.toContain(2);
    expect(spent()).toBe(1);
  });

  it('asks to avoid the node that lied', async () => {
    setup.gateway.lying.add(1);
    await setup.device().recover(CODE);
    const bodies = setup.gateway.calls.filter(({ route }) => route === 'POST /v1/attempts').map(({ body }) => body);
    expect(bodies).toEqual([expect.not.objectContaining({ avoid: expect.anything() }), expect.objectContaining({ avoid: [1] })]);
  });

  it('says NODE_MISBEHAVED with the proof when too few honest nodes are left', async () => {
    setup.gateway.down.add(4).add(5);
    setup.gateway.lying.add(2);
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({
      code: 'NODE_MISBEHAVED',
      metadata: { node: 2, proof: expect.any(String) },
    });
    expect(spent()).toBe(1);
  });

  it('convicts nobody for a signature that the gateway spoiled', async () => {
    tamperAttempts((answer) => ({ ...answer, evaluations: answer.evaluations.map((e) => ({ ...e, signature: zeroed(e.signature) })) }));
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(spent()).toBe(1);
  });

  it('recovers when only the first answer is spoiled, for one attempt', async () => {
    tamperAttempts((answer) => ({ ...answer, evaluations: answer.evaluations.map((e) => ({ ...e, signature: zeroed(e.signature) })) }), 1);
    expect((await setup.device().recover(CODE)).backupKey.reveal()).toEqual(KEY);
    expect(spent()).toBe(1);
  });

  it.each<readonly [string, (answer: AttemptAnswer) => object]>([
    ['without votes', (a) => ({ ...a, decided: { ...a.decided, votes: [] } })],
    ['with fewer than q votes', (a) => ({ ...a, decided: { ...a.decided, votes: a.decided.votes.slice(0, 2) } })],
    ['with one vote repeated', (a) => ({ ...a, decided: { ...a.decided, votes: a.decided.votes.map(() => a.decided.votes[0]) } })],
    [
      'with forged signatures',
      (a) => ({ ...a, decided: { ...a.decided, votes: a.decided.votes.map((v) => ({ ...v, signature: zeroed(v.signature) })) } }),
    ],
    [
      'with votes under other names',
      (a) => ({ ...a, decided: { ...a.decided, votes: a.decided.votes.map((v) => ({ ...v, node: (v.node % 5) + 1 })) } }),
    ],
    ['for another index', (a) => ({ ...a, decided: { ...a.decided, index: a.decided.index + 1 } })],
    ['with evaluations of one node thrice', (a) => ({ ...a, evaluations: a.evaluations.map(() => a.evaluations[0]) })],
    ['with evaluations under other names', (a) => ({ ...a, evaluations: a.evaluations.map((e) => ({ ...e, node: (e.node % 5) + 1 })) })],
    ['with an unknown node', (a) => ({ ...a, evaluations: a.evaluations.map((e, i) => ({ ...e, node: 30 - i })) })],
    ['with a record changed in one byte', (a) => ({ ...a, record: flip(a.record) })],
  ])('takes nothing from an answer %s', async (_name, change) => {
    tamperAttempts(change);
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(spent()).toBe(1);
  });

  it('takes no votes of another attempt and no old decided set', async () => {
    const answers: AttemptAnswer[] = [];
    tamperAttempts((answer) => (answers.push(answer), answer));
    await setup.device().recover(CODE);
    const [old] = answers;
    tamperAttempts((answer) => ({ ...answer, decided: old?.decided }));
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    tamperAttempts(() => old ?? {});
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('takes no record of an older version, which an old code would open', async () => {
    const client = setup.device();
    let first: AttemptAnswer | undefined;
    tamperAttempts((answer) => ((first ??= answer), answer));
    await client.recover(CODE);
    setup.gateway.tamper = (_route, answer) => answer;
    const owner = await exampleSetup();
    setup = owner;
    const device = owner.device();
    await device.protect(KEY, CODE);
    await device.protect(KEY, 'second code');
    tamperAttempts((answer) => ({ ...answer, record: first?.record }));
    await expect(owner.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it.each([0, 10])('lets no single node that counts %i spent attempts change the attempts left', async (count) => {
    for (const liar of [1, 2, 3]) {
      tamperAttempts((answer) => revote(answer, liar, { spent: count }));
      const left = 10 - spent() - 1;
      await expect(setup.device().recover('wrong code')).rejects.toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: left } });
    }
  });

  it('promises no fresh attempts while fewer than q nodes have stored the confirmation', async () => {
    setup = await exampleSetup({ q: 4 });
    await setup.device().protect(KEY, CODE);
    setup.gateway.tamper = (route, answer) =>
      route.endsWith('/confirm') ? { secrets: confirmResponse.parse(answer).secrets.slice(0, 3) } : answer;
    const result = await setup.device().recover(CODE);
    expect(result.backupKey.reveal()).toEqual(KEY);
    expect(result).toMatchObject({ confirmedBy: [1, 2, 3], attemptsLeft: 9 });
  });

  it('counts no vote that another voter fences, and none that names another record', async () => {
    setup.gateway.down.add(4).add(5);
    tamperAttempts((answer) => revote(answer, 1, { incarnations: [1, 2, 1, 1, 1] }));
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    tamperAttempts((answer) => revote(answer, 1, { recordHash: new Uint8Array(32) }));
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it.each([
    ['RECORD_LOCKED', 423],
    ['RECORD_UNKNOWN', 404],
  ])('does not believe a gateway that says %s', async (code, status) => {
    setup.gateway.fault = ({ route }) =>
      route === 'POST /v1/attempts' ? Response.json({ type: 'about:blank', title: code, status, code }, { status }) : undefined;
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE', metadata: { said: code } });
  });

  it('makes no second attempt because a gateway says that the first was overtaken', async () => {
    tamperAttempts(() => {
      throw new VaultError('CONFLICT', 'a later attempt is confirmed already');
    });
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(spent()).toBe(1);
  });

  it('makes a second attempt when q nodes say that a later one was confirmed', async () => {
    let refusals = 1;
    setup.gateway.tamper = (route, answer) => {
      if (route !== 'POST /v1/attempts' || refusals-- <= 0) return answer;
      throw new VaultError('CONFLICT', 'a later attempt is confirmed already');
    };
    const other = setup.device();
    const overtaken: Fetch = async (url, init) => {
      const answer = await setup.gateway.fetch(url, init);
      if (answer.status === 409) await other.recover(CODE);
      return answer;
    };
    const { backupKey } = await setup.device({ fetch: overtaken }).recover(CODE);
    expect(backupKey.reveal()).toEqual(KEY);
  });

  it('believes no statement about the account that is unsigned, stale or about another one', async () => {
    const other = setup.device({}, 'mallory');
    let earlier: object | undefined;
    setup.gateway.tamper = (route, answer) => (route === 'GET /v1/records/me' ? ((earlier ??= answer), earlier) : answer);
    await other.status();
    await expect(setup.device().status()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await expect(other.status()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    setup.gateway.tamper = (route, answer) => {
      if (route !== 'GET /v1/records/me') return answer;
      const { statements } = statusResponse.parse(answer);
      return { statements: statements.map((statement) => ({ ...statement, signature: zeroed(statement.signature) })) };
    };
    await expect(setup.device().status()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('takes no statement that a node signed about another account', async () => {
    const { gateway, clock } = setup;
    await setup.device({}, 'mallory').protect(KEY, CODE);
    const other = gateway.logOf(exampleToken('mallory'));
    gateway.tamper = (route, answer) => {
      if (route !== 'GET /v1/records/me') return answer;
      const { nonce } = parseAccountStatement(fromBase64url(statusResponse.parse(answer).statements[0]?.statement ?? ''));
      return { statements: gateway.fleet.nodes.map((node) => toStatementJson(other.statement(gateway.fleet, node, nonce, clock.now))) };
    };
    await expect(setup.device().status()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('takes no old deletion for a new one', async () => {
    const owner = setup.device({}, 'dora');
    let first: object | undefined;
    setup.gateway.tamper = (route, answer) => (route === 'DELETE /v1/records/me' ? ((first ??= answer), first) : answer);
    await owner.protect(KEY, CODE);
    await owner.forget();
    await owner.protect(KEY, CODE);
    await expect(owner.forget()).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('acknowledges no registration without q votes for exactly its record', async () => {
    const forge = (change: (answer: ReturnType<typeof registerResponse.parse>) => object): void => {
      setup.gateway.tamper = (route, answer) => (route === 'POST /v1/records' ? change(registerResponse.parse(answer)) : answer);
    };
    let previous: object | undefined;
    forge(
      (answer) => ((previous = answer.decided), { ...answer, decided: { ...answer.decided, votes: answer.decided.votes.slice(0, 2) } }),
    );
    await expect(setup.device({}, 'bob').protect(KEY, CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    setup.gateway.down.add(4).add(5);
    forge((answer) => revote(answer, 1, { recordHash: new Uint8Array(32) }));
    await expect(setup.device({}, 'dave').protect(KEY, CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    forge((answer) => ({ ...answer, decided: previous }));
    await expect(setup.device({}, 'carol').protect(KEY, CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('carries in a decided value nothing but the entry that was sent', async () => {
    const seen: string[] = [];
    tamperAttempts((answer) => (seen.push(parseLogValue(toCarriedDecision(answer.decided).value).entry.token), answer));
    await setup.device().recover(CODE);
    expect(seen).toEqual([exampleToken('alice')]);
  });
});

function flip(text: string): string {
  const bytes = fromBase64url(text);
  bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
  return toBase64url(bytes);
}
