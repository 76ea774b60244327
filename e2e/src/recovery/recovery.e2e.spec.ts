import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VaultError, type ErrorCode } from '@strongroom/client';
import { DEVELOPMENT_ISSUER, SystemRandom } from '@strongroom/platform';
import { accountId } from '@strongroom/protocol';
import { developmentOperator } from '@strongroom/stack';
import { freshAccount, lossyFetch, TestFleet } from '@strongroom/testing';

const RIGHT = 'correct horse 42';
const random = new SystemRandom();

/** The text of a stream up to where it satisfies. */
async function readUntil({ body }: Response, holds: (text: string) => boolean): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const part = await reader?.read();
    if (!part || part.done) throw new Error('the stream ended too early');
    text += part.value;
    if (holds(text)) return text;
  }
}

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<{ code: ErrorCode; metadata: VaultError['metadata'] }> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof VaultError)) throw error;
  return { code: error.code, metadata: error.metadata };
}

describe('recovery over a real fleet', () => {
  let fleet: TestFleet;

  beforeAll(async () => {
    fleet = await TestFleet.create();
  }, 120_000);
  afterAll(() => fleet.stop(), 60_000);

  it('gives the backup key back to another device with the right code', async () => {
    const backupKey = random.bytes(32);
    const account = freshAccount('alice');
    await fleet.device(account).client.protect(backupKey, RIGHT);
    const recovered = await fleet.device(account).client.recover(RIGHT);
    expect(Buffer.from(recovered.backupKey.reveal())).toEqual(Buffer.from(backupKey));
    expect(recovered.attemptsLeft).toBe(10);
    expect(recovered.excluded).toEqual([]);
  });

  it('can be watched by an operator, vote by vote, without a word of whose it is', async () => {
    const account = freshAccount('watched');
    const { client } = fleet.device(account);
    await client.protect(random.bytes(32), RIGHT);
    const ending = new AbortController();
    const headers = { authorization: `Bearer ${await developmentOperator()()}` };
    const response = await fetch(`${fleet.stack.gatewayUrl}/v1/operator/live`, { headers, signal: ending.signal });
    const watched = readUntil(response, (text) =>
      ['voted', 'quorum-reached', 'released', 'confirmed'].every((verb) => text.includes(`.${verb}.v1`)),
    );
    await client.recover(RIGHT);
    const text = await watched;
    ending.abort();
    expect(text).toContain('"live":true');
    expect(text).not.toContain(account);
    expect(text).not.toContain(Buffer.from(accountId(DEVELOPMENT_ISSUER, account)).toString('hex'));
  });

  it('counts wrong codes and gives the budget back after a right one', async () => {
    const { client } = fleet.device();
    await client.protect(random.bytes(32), RIGHT);
    expect(await refusal(client.recover('wrong code 1'))).toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: 9 } });
    expect(await refusal(client.recover('wrong code 2'))).toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: 8 } });
    await client.recover(RIGHT);
    expect(await refusal(client.recover('wrong code 3'))).toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: 9 } });
    expect(await client.status()).toMatchObject({ status: 'active', attemptsLeft: 9 });
  });

  it('recovers thirty times in a row without ever losing an attempt', async () => {
    const { client } = fleet.device();
    await client.protect(random.bytes(32), RIGHT);
    for (let i = 0; i < 30; i++) expect((await client.recover(RIGHT)).attemptsLeft).toBe(10);
    expect(await client.status()).toMatchObject({ attemptsLeft: 10 });
  });

  it('locks after the tenth wrong code, refuses the eleventh even when it is right, and erases the shares by itself', async () => {
    const { client } = fleet.device();
    await client.protect(random.bytes(32), RIGHT);
    const from = fleet.events.length;
    for (let left = 9; left >= 0; left--) {
      expect(await refusal(client.recover('wrong code'))).toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: left } });
    }
    expect(await refusal(client.recover(RIGHT))).toMatchObject({ code: 'RECORD_LOCKED', metadata: { attemptsLeft: 0 } });
    await fleet.until('five nodes to erase', () => fleet.told('record.erased', from).length === 5);
    expect(await refusal(client.recover(RIGHT))).toMatchObject({ code: 'RECORD_LOCKED' });
    expect(await client.status()).toMatchObject({ status: 'locked', attemptsLeft: 0 });
  });

  it('lets a right last attempt be confirmed: the lock is lifted and nothing is erased', async () => {
    const { client } = fleet.device();
    await client.protect(random.bytes(32), RIGHT);
    for (let i = 0; i < 9; i++) await refusal(client.recover('wrong code'));
    const from = fleet.events.length;
    await client.recover(RIGHT);
    expect(await client.status()).toMatchObject({ status: 'active', attemptsLeft: 10 });
    await client.recover(RIGHT);
    expect(fleet.told('record.erased', from)).toEqual([]);
  });

  it('serves two devices that recover at once, each at the cost of its own attempt', async () => {
    const backupKey = random.bytes(32);
    const account = freshAccount('pair');
    await fleet.device(account).client.protect(backupKey, RIGHT);
    const both = await Promise.all([fleet.device(account), fleet.device(account)].map(({ client }) => client.recover(RIGHT)));
    for (const { backupKey: key } of both) expect(Buffer.from(key.reveal())).toEqual(Buffer.from(backupKey));
    const wrong = await Promise.all(
      [fleet.device(account), fleet.device(account)].map(({ client }) => refusal(client.recover('wrong code'))),
    );
    expect(wrong.map(({ metadata }) => metadata['attemptsLeft']).sort()).toEqual([8, 9]);
  });

  it.each(['request', 'answer'] as const)('spends one attempt when the first %s of each step is lost', async (lost) => {
    const account = freshAccount('lossy');
    const backupKey = random.bytes(32);
    await fleet.device(account).client.protect(backupKey, RIGHT);
    const seen = new Set<string>();
    const once = lossyFetch((path) => {
      const step = path.replace(/[0-9a-f]{64}/, 'id');
      if (seen.has(step)) return null;
      seen.add(step);
      return lost;
    });
    const device = fleet.device(account, { fetch: once });
    expect(await refusal(device.client.recover('wrong code'))).toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: 9 } });
    seen.clear();
    expect(Buffer.from((await device.client.recover(RIGHT)).backupKey.reveal())).toEqual(Buffer.from(backupKey));
    expect(await device.client.status()).toMatchObject({ attemptsLeft: 10 });
  });

  it('changes the code: the new one works, the old one is wrong', async () => {
    const backupKey = random.bytes(32);
    const { client } = fleet.device();
    await client.protect(backupKey, RIGHT);
    await client.changeCode({ newCode: 'another code 7', currentCode: RIGHT });
    expect(await refusal(client.recover(RIGHT))).toMatchObject({ code: 'CODE_WRONG' });
    expect(Buffer.from((await client.recover('another code 7')).backupKey.reveal())).toEqual(Buffer.from(backupKey));
  });

  it('forgets: nothing can be recovered afterwards, and the shares are gone', async () => {
    const { client } = fleet.device();
    await client.protect(random.bytes(32), RIGHT);
    const from = fleet.events.length;
    await client.forget();
    expect(await refusal(client.recover(RIGHT))).toMatchObject({ code: 'RECORD_UNKNOWN' });
    await fleet.until('five nodes to erase', () => fleet.told('record.erased', from).length === 5);
  });

  it('leaves a change without the owner key pending, and the old code usable', async () => {
    const account = freshAccount('stranger');
    await fleet.device(account).client.protect(random.bytes(32), RIGHT);
    const stranger = fleet.device(account).client;
    const result = await stranger.protect(random.bytes(32), 'strangers code');
    expect(result.status).toBe('pending');
    await fleet.device(account).client.recover(RIGHT);
    expect(await stranger.status()).toMatchObject({ status: 'active', pendingUntil: null });
  });

  it('tells observers each step without account ids', async () => {
    const { client, uid } = fleet.device();
    const from = fleet.events.length;
    await client.protect(random.bytes(32), RIGHT);
    await client.recover(RIGHT);
    await fleet.until('all events', () => fleet.told('attempt.confirmed', from).length >= 5);
    for (const kind of ['record.activated', 'attempt.voted', 'attempt.quorum-reached', 'share.released', 'attempt.confirmed']) {
      expect(fleet.told(kind, from).length).toBeGreaterThanOrEqual(3);
    }
    const said = JSON.stringify(fleet.events.slice(from));
    expect(said).not.toContain(Buffer.from(uid).toString('hex'));
    expect(said).not.toContain(Buffer.from(uid).toString('base64url'));
  });
});
