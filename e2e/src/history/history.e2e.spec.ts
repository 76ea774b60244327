import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HistoryEntry } from '@strongroom/client';
import { accountInWebhooks } from '@strongroom/client/node';
import { DEVELOPMENT_ISSUER, SystemRandom } from '@strongroom/platform';
import { freshAccount, TestFleet, type TestDevice } from '@strongroom/testing';
import { WebhookReceiver } from './webhook-receiver.js';

const RIGHT = 'correct horse 42';
const random = new SystemRandom();

const story = ({ kind, confirmed, byThisDevice, agreed }: HistoryEntry): unknown[] => [kind, confirmed, byThisDevice, agreed];
const wrong = (device: TestDevice, code: string): Promise<void> =>
  expect(device.client.recover(code)).rejects.toMatchObject({ code: 'CODE_WRONG' });

describe('what an owner sees of an account', () => {
  let fleet: TestFleet;
  let owner: TestDevice;
  let other: TestDevice;
  let app: WebhookReceiver;

  beforeAll(async () => {
    app = await WebhookReceiver.start();
    fleet = await TestFleet.create({ env: { 'session-gateway': { WEBHOOK_URL: app.url, WEBHOOK_SECRET_FILE: app.secretFile } } });
    const account = freshAccount('owner');
    [owner, other] = [fleet.device(account), fleet.device(account)];
    await owner.client.protect(random.bytes(32), RIGHT);
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await app.stop();
  }, 60_000);

  it('is the wrong guess of another device, with time and outcome, beside what this one did', async () => {
    const before = Date.now();
    await wrong(other, 'wrong code 1');
    const after = Date.now();
    await owner.client.recover(RIGHT);
    const history = await owner.client.history();
    expect(history).toMatchObject({ complete: true, missing: [], newest: 3, oldest: 1 });
    expect(history.entries.map(story)).toEqual([
      ['attempt', true, true, true],
      ['attempt', false, false, true],
      ['register', null, true, true],
    ]);
    const guess = history.entries[1];
    // One machine has one clock: the stamp is of when the entry was proposed.
    expect(guess?.at.getTime()).toBeGreaterThanOrEqual(before);
    expect(guess?.at.getTime()).toBeLessThanOrEqual(after);
    expect(guess?.shownBy.length).toBeGreaterThanOrEqual(3);
    expect((await other.client.history()).entries.map(({ byThisDevice }) => byThisDevice)).toEqual([false, true, false]);
  });

  it('is for the account’s own devices alone', async () => {
    const stranger = fleet.device();
    expect(await stranger.client.history()).toMatchObject({ entries: [], newest: 0 });
  });

  it('is told to the application by a webhook, signed, retried and named so that it finds its user', async () => {
    const account = accountInWebhooks(app.secret, { iss: DEVELOPMENT_ISSUER, sub: owner.account });
    app.failNext = 1;
    await wrong(other, 'wrong code 2');
    const told = (): unknown => ['record.changed', 'attempt.used', 'attempt.confirmed'].map((type) => [...app.told(type, account)].sort());
    await fleet.until('the webhooks of all that happened', () => JSON.stringify(told()) === '[[1],[2,3,4],[3]]');
    expect(app.failed).toBe(1);
    expect(app.unsigned).toEqual([]);
    expect(app.said).not.toContain(owner.account);
    expect(app.said).not.toContain(Buffer.from(owner.uid).toString('base64url'));
  });

  it('is told to the application also when the gateway dies before it could', async () => {
    const account = accountInWebhooks(app.secret, { iss: DEVELOPMENT_ISSUER, sub: owner.account });
    const { gateway } = fleet.stack.services;
    app.failNext = Infinity;
    const { failed } = app;
    await wrong(other, 'wrong code 3');
    await fleet.until('the application to refuse', () => app.failed > failed);
    await gateway.kill9();
    app.failNext = 0;
    await gateway.start();
    await fleet.healthy();
    await fleet.until('the webhook of the guess', () => app.told('attempt.used', account).includes(5));
    expect([...app.told('attempt.used', account)].sort()).toEqual([2, 3, 4, 5]);
  }, 60_000);

  it('outlives the death of every node, a change of the code, the lock and the erase', async () => {
    const { nodes } = fleet.stack.services;
    await Promise.all(nodes.map((node) => node.kill9()));
    await Promise.all(nodes.map((node) => node.start()));
    await fleet.healthy();
    await owner.client.changeCode({ newCode: 'another code 7', currentCode: RIGHT });
    const from = fleet.events.length;
    for (let guess = 0; guess < 10; guess++) await wrong(other, `wrong code ${guess}`);
    await fleet.until('five nodes to erase', () => fleet.told('record.erased', from).length >= 5);
    const history = await owner.client.history();
    expect(history).toMatchObject({ complete: true, newest: 17, oldest: 1 });
    expect(history.entries.filter(({ byThisDevice }) => !byThisDevice)).toHaveLength(13);
    const account = accountInWebhooks(app.secret, { iss: DEVELOPMENT_ISSUER, sub: owner.account });
    await fleet.until('the webhooks of lock and erase', () => app.told('record.erased', account).length > 0);
    expect([app.told('record.locked', account), app.told('record.erased', account)]).toEqual([[17], [17]]);
    const ours = history.entries
      .filter(({ byThisDevice }) => byThisDevice)
      .map(({ kind, confirmed, byOwner }) => [kind, confirmed, byOwner]);
    expect(ours).toEqual([
      ['register', null, true],
      ['attempt', true, false],
      ['attempt', true, false],
      ['register', null, false],
    ]);
  }, 120_000);

  it('ends with the owner’s own deletion', async () => {
    await owner.client.forget();
    expect((await owner.client.history()).entries.map(({ kind }) => kind)).toEqual(['delete']);
  });
});
