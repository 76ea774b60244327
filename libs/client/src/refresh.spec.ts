import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { attemptResponse } from '@strongroom/contracts';
import { encodeRecord, fromBase64url, parseRecord, toBase64url } from '@strongroom/protocol';
import { exampleSetup, type ExampleSetup } from './example/example-client.js';

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

const attempts = (): number => setup.gateway.logOf(setup.token).state.marks.filter(({ kind }) => kind === 'attempt').length;
/** Makes all shares anew before the request of this number to `route` is carried out. */
function refreshAt(route: string, ...numbers: number[]): void {
  const { gateway, token } = setup;
  const carriedOut = gateway.before;
  let seen = 0;
  gateway.before = async (call) => {
    await carriedOut(call);
    if (call === route) seen += 1;
    if (call === route && numbers.includes(seen)) await gateway.refresh(token);
  };
}
function tamperAttempts(change: (answer: AttemptAnswer, number: number) => object): void {
  let number = 0;
  setup.gateway.tamper = (route, answer) => (route === 'POST /v1/attempts' ? change(attemptResponse.parse(answer), ++number) : answer);
}

describe('a client whose record is shared anew', () => {
  it('recovers afterwards, and is told the same number of attempts left', async () => {
    await expect(setup.device().recover('wrong code')).rejects.toMatchObject({ metadata: { attemptsLeft: 9 } });
    await setup.gateway.refresh(setup.token);
    await expect(setup.device().recover('wrong code')).rejects.toMatchObject({ metadata: { attemptsLeft: 8 } });
    expect((await setup.device().recover(CODE)).backupKey.reveal()).toEqual(KEY);
  });

  it('recovers by an attempt that was decided before and evaluated after, twice over', async () => {
    setup.gateway.fault = ({ route, number }) => (route === 'POST /v1/attempts' && number < 7 ? 'lose-answer' : undefined);
    refreshAt('POST /v1/attempts', 2, 3);
    expect((await setup.device().recover(CODE)).backupKey.reveal()).toEqual(KEY);
    expect(attempts()).toBe(1);
  });

  it('gets the secret shares of the new sharing when it was made between evaluation and confirmation', async () => {
    refreshAt('POST /v1/attempts/:id/confirm', 1);
    const { backupKey, confirmedBy, attemptsLeft, excluded } = await setup.device().recover(CODE);
    expect(backupKey.reveal()).toEqual(KEY);
    expect([confirmedBy.length, attemptsLeft, excluded]).toEqual([5, 10, []]);
    expect(attempts()).toBe(1);
  });

  it('combines no evaluations of two sharings', async () => {
    // Two of the three that are needed in each answer: together they would be enough, and give nothing.
    tamperAttempts((answer, number) => ({
      ...answer,
      evaluations: number === 1 ? answer.evaluations.slice(0, 2) : answer.evaluations.slice(2),
    }));
    refreshAt('POST /v1/attempts', 2);
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  });

  it('believes no record that is not the one that was voted for, whatever sharing is said to be before', async () => {
    await setup.gateway.refresh(setup.token);
    const changes: ((answer: AttemptAnswer) => object)[] = [
      ({ votedSharing: _voted, ...answer }) => answer,
      (answer) => ({ ...answer, votedSharing: toBase64url(new Uint8Array(32)) }),
      (answer) => {
        const record = parseRecord(fromBase64url(answer.record));
        return { ...answer, record: toBase64url(encodeRecord({ ...record, wrapped: record.wrapped.map((byte) => byte ^ 1) })) };
      },
      (answer) => {
        const { commitments, secretCommitments, ...record } = parseRecord(fromBase64url(answer.record));
        const swapped = { commitments: [...commitments.slice(1), ...commitments.slice(0, 1)], secretCommitments };
        return { ...answer, record: toBase64url(encodeRecord({ ...record, ...swapped })) };
      },
    ];
    for (const change of changes) {
      tamperAttempts(change);
      await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    }
  });
});
