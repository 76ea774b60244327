import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nobleSigner, nobleVerifier } from '@strongroom/protocol';
import { MemoryDeviceStore } from './device/memory-device-store.js';
import { exampleSetup, type ExampleSetup } from './example/example-client.js';
import type { VaultClient } from './vault-client.js';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const CODE = 'correct horse 7';
let setup: ExampleSetup;

// Elliptic curves on a busy machine: the limit only catches what hangs.
jest.setTimeout(60_000);

beforeEach(async () => {
  setup = await exampleSetup();
});

async function recovered(client: VaultClient, code = CODE): Promise<Uint8Array> {
  return (await client.recover(code)).backupKey.reveal();
}

const spent = (): number => setup.gateway.logOf(setup.token).state.marks.filter(({ kind }) => kind === 'attempt').length;

describe('a vault client', () => {
  it('brings a key back on another device, with all attempts again', async () => {
    const result = await setup.device().protect(KEY, CODE);
    expect(result).toMatchObject({ fleetId: 'eu-1', version: 1, status: 'active' });
    expect(result.votedBy).toHaveLength(3);
    const back = await setup.device().recover(CODE);
    expect(back.backupKey.reveal()).toEqual(KEY);
    expect(back).toMatchObject({ version: 1, attemptsLeft: 10, excluded: [] });
    expect(back.confirmedBy).toEqual([1, 2, 3, 4, 5]);
  });

  it('comes to the same verdict with the portable verifier', async () => {
    await setup.device({ verifier: nobleVerifier }).protect(KEY, CODE);
    expect(await recovered(setup.device({ verifier: nobleVerifier }))).toEqual(KEY);
  });

  it('takes the same code typed in another Unicode form', async () => {
    await setup.device().protect(KEY, 'Café 42');
    expect(await recovered(setup.device(), 'Cafe\u0301 42')).toEqual(KEY);
  });

  it('shows no secret when a result is printed', async () => {
    await setup.device().protect(KEY, CODE);
    expect(JSON.stringify(await setup.device().recover(CODE))).not.toMatch(/255|254/);
  });

  it('counts wrong codes down and gives all attempts back after the right one', async () => {
    await setup.device().protect(KEY, CODE);
    const client = setup.device();
    for (const left of [9, 8, 7]) {
      await expect(client.recover('wrong code')).rejects.toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: left } });
    }
    expect(await client.status()).toMatchObject({ status: 'active', attemptsLeft: 7, activeVersion: 1, agreed: true });
    await client.recover(CODE);
    expect(await client.status()).toMatchObject({ attemptsLeft: 10 });
  });

  it('locks after ten wrong codes and refuses the right one then', async () => {
    await setup.device().protect(KEY, CODE);
    const client = setup.device();
    for (let i = 0; i < 10; i++) await expect(client.recover(`wrong ${i}`)).rejects.toMatchObject({ code: 'CODE_WRONG' });
    await expect(client.recover(CODE)).rejects.toMatchObject({ code: 'RECORD_LOCKED', metadata: { attemptsLeft: 0 } });
    expect(spent()).toBe(10);
  });

  it('says RECORD_UNKNOWN for an account without a record', async () => {
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
    expect(await setup.device().status()).toMatchObject({ status: 'none', activeVersion: 0, attemptsLeft: 0 });
  });

  it('changes the code at once on the device that owns the record', async () => {
    const client = setup.device();
    await client.protect(KEY, CODE);
    expect(await client.changeCode({ backupKey: KEY, newCode: 'new code' })).toMatchObject({ version: 2, status: 'active' });
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'CODE_WRONG' });
    expect(await recovered(setup.device(), 'new code')).toEqual(KEY);
  });

  it('changes the code by the old code, without knowing the key', async () => {
    const client = setup.device();
    await client.protect(KEY, CODE);
    await client.changeCode({ currentCode: CODE, newCode: 'new code' });
    expect(await recovered(setup.device(), 'new code')).toEqual(KEY);
  });

  it('keeps a change without the owner key pending, and a confirmation of the old version ends it', async () => {
    await setup.device().protect(KEY, CODE);
    expect(await setup.device().protect(new Uint8Array(32), 'stranger')).toMatchObject({ version: 2, status: 'pending' });
    expect(await setup.device().status()).toMatchObject({ status: 'pending', activeVersion: 1 });
    expect(await recovered(setup.device())).toEqual(KEY);
    expect(await setup.device().status()).toMatchObject({ status: 'active', activeVersion: 1 });
  });

  it('lets the owner cancel a pending change and nobody else', async () => {
    const owner = setup.device();
    await owner.protect(KEY, CODE);
    await setup.device().protect(new Uint8Array(32), 'stranger');
    await expect(setup.device().cancelPending()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await owner.cancelPending()).toHaveLength(3);
    expect(await owner.status()).toMatchObject({ status: 'active', activeVersion: 1, pendingUntil: null });
    await expect(owner.cancelPending()).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
  });

  it('goes on without an owner key that is not the living version’s, and says that the change is pending', async () => {
    const first = setup.device();
    await first.protect(KEY, CODE);
    await setup.device().protect(KEY, 'second device');
    setup.clock.now += 86_400_001;
    expect(await first.protect(KEY, 'third code')).toMatchObject({ version: 3, status: 'pending' });
  });

  it('forgets: nothing is recovered afterwards, and asking twice is no error', async () => {
    const client = setup.device();
    await client.protect(KEY, CODE);
    expect(await client.forget()).toMatchObject({ status: 'deleted' });
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
    expect(await client.forget()).toMatchObject({ status: 'none' });
    expect(await client.protect(KEY, CODE)).toMatchObject({ version: 3, status: 'active' });
    expect(await recovered(setup.device())).toEqual(KEY);
  });

  it('recovers and registers with two of five nodes dead, and says so with three', async () => {
    setup.gateway.down.add(1).add(4);
    await setup.device().protect(KEY, CODE);
    const result = await setup.device().recover(CODE);
    expect(result.confirmedBy).toEqual([2, 3, 5]);
    setup.gateway.down.add(2);
    await expect(setup.device().recover(CODE)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(spent()).toBe(1);
  });

  it('refuses the bench suite before it spends an attempt, unless it is allowed', async () => {
    await setup.device().protect(KEY, CODE);
    const strict = setup.device({ allowBenchSuite: false });
    await expect(strict.recover(CODE)).rejects.toMatchObject({ code: 'BUNDLE_INVALID', metadata: { check: 'ksf' } });
    await expect(strict.protect(KEY, CODE)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    expect(spent()).toBe(0);
  });

  it.each(['', 'abc', 'xylo7'.repeat(103)])('refuses the code of %# before anything is sent about it', async (code) => {
    await expect(setup.device().protect(KEY, code)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'code' } });
    expect(setup.gateway.routes()).not.toContain('POST /v1/records');
  });

  it('refuses a backup key of another length, a bad address, a bad token', async () => {
    await expect(setup.device().protect(KEY.subarray(1), CODE)).rejects.toMatchObject({ metadata: { field: 'backupKey' } });
    expect(() => setup.device({ gatewayUrl: 'ftp://x' })).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(() => setup.device({ trustRoot: '{}' })).toThrow(expect.objectContaining({ metadata: { field: 'trustRoot' } }));
    await expect(setup.device({ accountToken: async () => 'nonsense' }).status()).rejects.toMatchObject({
      metadata: { field: 'accountToken' },
    });
  });

  it('stops with the reason of the caller', async () => {
    const controller = new AbortController();
    const reason = new Error('page left');
    setup.gateway.fault = () => {
      controller.abort(reason);
      return undefined;
    };
    await expect(setup.device().recover(CODE, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('reports its steps and the checks of the bundle', async () => {
    const steps: string[] = [];
    await setup.device().protect(KEY, CODE, { onStep: (step) => steps.push(step) });
    expect(steps).toEqual(['bundle', 'status', 'stretching', 'registering']);
    const report = await setup.device().fleet();
    expect(report).toMatchObject({ epoch: 1, environment: 'software' });
    expect(report.checks.map(({ number }) => number)).toContain(6);
  });

  it('asks for a fresh token on every try and binds entries to its own key', async () => {
    const bindingKey = nobleSigner(new Uint8Array(32).fill(7));
    let tokens = 0;
    const client = setup.device({ bindingKey, deviceStore: new MemoryDeviceStore(), accountToken: async () => (tokens++, setup.token) });
    await client.protect(KEY, CODE);
    expect(tokens).toBeGreaterThanOrEqual(3);
  });
});
