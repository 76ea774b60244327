import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allContracts, type ListedContract } from '@strongroom/contracts';
import { TestFleet } from '@strongroom/testing';
import { pack } from 'msgpackr';
import { WebhookReceiver } from '../history/webhook-receiver.js';
import { Intruder } from './intruder.js';
import { flipped, random, RIGHT, Victim } from './victim.js';

const contracts = allContracts();
const served = contracts.filter(({ kind }) => kind === 'rpc');
const broadcasts = contracts.filter(({ kind }) => kind === 'broadcast');
const CUTS = 24;

/** Nothing of it means anything, whatever the contract. */
const NONSENSE: readonly (readonly [string, (contract: ListedContract) => Uint8Array])[] = [
  ['nothing', () => new Uint8Array(0)],
  ['JSON', () => Buffer.from('{"uid":"AQIDBA"}')],
  ['bytes that no MessagePack begins with', () => Buffer.from('c1c1c1c1', 'hex')],
  ['a list', () => pack([1, 2, 3])],
  ['a number', () => pack(7)],
  ['nil', () => pack(null)],
  ['an unknown key', () => pack({ unknown: 1 })],
  ['a prototype', () => pack(JSON.parse('{"__proto__":{"uid":1}}'))],
  ['a claim of four billion items', () => Buffer.from('ddffffffff', 'hex')],
  ['a claim of four billion bytes', () => Buffer.from('c6ffffffff', 'hex')],
  ['a million levels', () => Buffer.alloc(1_000, 0x91)],
  ['an extension', () => Buffer.from('c70172ff', 'hex')],
  ['random bytes', () => random.bytes(200)],
  ['more than may be sent', ({ maxBytes = 0 }) => Buffer.alloc(maxBytes + 1, 0x80)],
];

describe('messages that mean nothing', () => {
  let fleet: TestFleet;
  let intruder: Intruder;
  /** So that the gateway listens to what it makes webhooks of. */
  let app: WebhookReceiver;
  /** Real messages by subject. */
  const real = new Map<string, Uint8Array>();

  beforeAll(async () => {
    app = await WebhookReceiver.start();
    fleet = await TestFleet.create({ env: { 'session-gateway': { WEBHOOK_URL: app.url, WEBHOOK_SECRET_FILE: app.secretFile } } });
    intruder = await Intruder.enter(fleet);
    const tap = intruder.raw.subscribe('strongroom.rpc.>', {
      callback: (_error, { subject, data }) => void real.set(subject, data.slice()),
    });
    await intruder.raw.flush();
    const { device } = await Victim.protect(fleet);
    await device.client.recover(RIGHT);
    await device.client.history();
    await device.client.forget();
    await fleet.stack.services.nodes[4]?.restart();
    await fleet.healthy();
    tap.unsubscribe();
  }, 180_000);
  afterAll(async () => {
    await intruder.leave();
    await fleet.stop();
    await app.stop();
  }, 60_000);

  function subjectsOf({ addressed, subject, owner, kind }: ListedContract): readonly string[] {
    if (kind === 'broadcast') return [`${subject}.${intruder.fleetId}`];
    if (!addressed) return [subject];
    return owner === 'hsm-node' ? [1, 2, 3, 4, 5].map((node) => `${subject}.${intruder.address(node)}`) : [subject];
  }

  /** Every process runs as before and nobody met an error that nobody expected. */
  async function unharmed(): Promise<void> {
    const { gateway, registry, publisher, auditor, nodes } = fleet.stack.services;
    for (const service of [gateway, registry, publisher, auditor, ...nodes]) {
      expect([service.name, service.isRunning]).toEqual([service.name, true]);
      expect(service.logged()).not.toMatch(/uncaught|unhandled|bus\.handler-failed|log\.input-failed|http\.failed/i);
    }
    expect(await (await Victim.protect(fleet)).recovers()).toBe(true);
  }

  async function tryGarbled(subject: string, timeoutMs: number): Promise<void> {
    const whole = real.get(subject);
    if (whole === undefined) return;
    // Waiting for votes takes as long as the caller may wait: the answer of a busy machine comes a little after.
    const answer = (sent: Uint8Array): Promise<string> => intruder.rawRequest(subject, sent, timeoutMs + 10_000);
    const places = Array.from({ length: CUTS }, (_, i) => Math.floor((i * whole.length) / CUTS));
    const broken = [...places.map((end) => whole.subarray(0, end)), Buffer.concat([whole, whole])];
    expect([subject, ...new Set(await Promise.all(broken.map(answer)))]).toEqual([subject, 'REQUEST_INVALID']);
    const garbled = places.map((at) => flipped(whole, at));
    expect([subject, ...(await Promise.all([...garbled, whole, whole].map(answer)))]).not.toContain('INTERNAL');
  }

  it('covers every contract that a service serves', () => {
    expect(new Set(served.map(({ owner }) => owner))).toEqual(
      new Set(['hsm-node', 'fleet-registry', 'bundle-publisher', 'bundle-auditor']),
    );
    expect(served.length).toBeGreaterThan(15);
    expect(broadcasts.length).toBe(4);
  });

  it.each(NONSENSE)('are refused with a code before the deadline: %s', async (_what, make) => {
    for (const contract of served) {
      for (const subject of subjectsOf(contract)) {
        const sent = make(contract);
        const codes = [
          await intruder.rawRequest(subject, sent, contract.timeoutMs ?? 1_000),
          await intruder.rawRequest(subject, sent, contract.timeoutMs ?? 1_000),
        ];
        expect([subject, ...codes]).toEqual([subject, 'REQUEST_INVALID', 'REQUEST_INVALID']);
      }
    }
    for (const contract of broadcasts) for (const subject of subjectsOf(contract)) intruder.raw.publish(subject, make(contract));
    await intruder.raw.flush();
  });

  it('harm nobody', () => unharmed());

  it('are refused with a code when a real message is cut, doubled, garbled or sent twice', async () => {
    // All at once: a garbled id is one that a node waits for until the request's own deadline.
    const tried = served.flatMap((contract) => subjectsOf(contract).map((subject) => tryGarbled(subject, contract.timeoutMs ?? 1_000)));
    await Promise.all(tried);
    for (const contract of broadcasts) {
      for (const subject of subjectsOf(contract)) {
        const whole = real.get(subject) ?? new Uint8Array(0);
        for (let i = 0; i < whole.length; i += 1 + Math.floor(whole.length / 200)) {
          intruder.raw.publish(subject, whole.subarray(0, i));
          intruder.raw.publish(subject, flipped(whole, i));
        }
        intruder.raw.publish(subject, whole);
        intruder.raw.publish(subject, whole);
      }
    }
    await intruder.raw.flush();
  }, 240_000);

  it('harm nobody, cut or garbled', () => unharmed());
});
