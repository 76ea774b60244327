import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nobleSigner } from '@strongroom/protocol';
import { MemoryDeviceStore } from './device/memory-device-store.js';
import { exampleSetup, type ExampleSetup } from './example/example-client.js';
import { DEFAULT_RETRIES } from './call/retry.js';

const KEY = new Uint8Array(32).fill(4);
const CODE = 'correct horse 7';
/** Every message that a first protect, or a recovery, sends: bundle, status, then its own. */
const PROTECT = [1, 2, 3] as const;
const RECOVER = [1, 2, 3, 4] as const;
const ONE_TRY = { ...DEFAULT_RETRIES, tries: 1, triesWhenUnavailable: 1 };
const fixedKey = nobleSigner(new Uint8Array(32).fill(77));
let setup: ExampleSetup;

// Elliptic curves on a busy machine: the limit only catches what hangs.
jest.setTimeout(60_000);

beforeEach(async () => {
  setup = await exampleSetup();
});

const state = () => setup.gateway.logOf(setup.token).state;
const attempts = (): number => state().marks.filter(({ kind }) => kind === 'attempt').length;

function loseAt(number: number, what: 'lose-request' | 'lose-answer'): void {
  const before = setup.gateway.calls.length;
  setup.gateway.fault = (call) => (call.number === before + number ? what : undefined);
}

const cuts = (numbers: readonly number[]) =>
  numbers.flatMap(
    (at) =>
      [
        [at, 'lose-request'],
        [at, 'lose-answer'],
      ] as const,
  );

describe('a lost message', () => {
  it.each(cuts(RECOVER))('number %i of a recovery (%s) costs no second attempt', async (at, what) => {
    await setup.device().protect(KEY, CODE);
    loseAt(at, what);
    const result = await setup.device().recover(CODE);
    expect(result.backupKey.reveal()).toEqual(KEY);
    expect(attempts()).toBe(1);
    expect((await setup.device().status()).attemptsLeft).toBe(10);
  });

  it.each(cuts([1, 2, 3]))('number %i of a recovery with a wrong code (%s) costs one attempt', async (at, what) => {
    await setup.device().protect(KEY, CODE);
    loseAt(at, what);
    await expect(setup.device().recover('wrong code')).rejects.toMatchObject({ code: 'CODE_WRONG', metadata: { attemptsLeft: 9 } });
    expect(attempts()).toBe(1);
  });

  it.each(cuts(PROTECT))('number %i of a protection (%s) makes no second version', async (at, what) => {
    loseAt(at, what);
    expect(await setup.device().protect(KEY, CODE)).toMatchObject({ version: 1 });
    expect(state().ver).toBe(1);
    expect((await setup.device().recover(CODE)).backupKey.reveal()).toEqual(KEY);
  });
});

describe('a process that ends with its answer outstanding', () => {
  it.each(cuts(PROTECT))('at message %i (%s) makes no second version when it starts again', async (at, what) => {
    const deviceStore = new MemoryDeviceStore();
    const bindingKey = fixedKey;
    loseAt(at, what);
    await expect(setup.device({ deviceStore, bindingKey, retries: ONE_TRY }).protect(KEY, CODE)).rejects.toMatchObject({
      code: 'FLEET_UNAVAILABLE',
    });
    setup.gateway.fault = () => undefined;
    expect(await setup.device({ deviceStore, bindingKey }).protect(KEY, CODE)).toMatchObject({ version: 1, status: 'active' });
    expect(state().ver).toBe(1);
    expect((await setup.device().recover(CODE)).backupKey.reveal()).toEqual(KEY);
  });

  it.each(cuts([1, 2]))('at message %i of a change of code (%s) leaves the old or the new code, never neither', async (at, what) => {
    const deviceStore = new MemoryDeviceStore();
    const bindingKey = fixedKey;
    await setup.device({ deviceStore, bindingKey }).protect(KEY, CODE);
    loseAt(at, what);
    const interrupted = setup.device({ deviceStore, bindingKey, retries: ONE_TRY }).changeCode({ backupKey: KEY, newCode: 'new code' });
    await expect(interrupted).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    setup.gateway.fault = () => undefined;
    const changed = state().ver === 2;
    expect((await setup.device().recover(changed ? 'new code' : CODE)).backupKey.reveal()).toEqual(KEY);

    const again = await setup.device({ deviceStore, bindingKey }).changeCode({ backupKey: KEY, newCode: 'new code' });
    expect(again).toMatchObject({ version: 2, status: 'active' });
    expect((await setup.device().recover('new code')).backupKey.reveal()).toEqual(KEY);
  });

  it('makes a new version when it starts again with another code, which is the one that works', async () => {
    const deviceStore = new MemoryDeviceStore();
    loseAt(3, 'lose-answer');
    await expect(setup.device({ deviceStore, bindingKey: fixedKey, retries: ONE_TRY }).protect(KEY, CODE)).rejects.toThrow();
    setup.gateway.fault = () => undefined;
    expect(await setup.device({ deviceStore, bindingKey: fixedKey }).protect(KEY, 'other code')).toMatchObject({ version: 2 });
    expect((await setup.device().recover('other code')).backupKey.reveal()).toEqual(KEY);
  });

  it('keeps nothing on the device that tells whether a code is right', async () => {
    const written = new Map<string, string[]>();
    class Spy extends MemoryDeviceStore {
      override async write(name: string, text: string): Promise<void> {
        written.set(name, [...(written.get(name) ?? []), text]);
        return super.write(name, text);
      }
    }
    const deviceStore = new Spy();
    await setup.device({ deviceStore }).protect(KEY, CODE);
    const registering = [...written.keys()];
    await setup.device({ deviceStore }).recover(CODE);
    expect([...written.keys()]).toEqual(registering);
    expect(registering.map((name) => name.split('.')[0])).toEqual(['bundle', 'owner-key', 'pending']);
    expect([...written.values()].flat().join('\n')).not.toContain(CODE);
    const [pending = ''] = registering.filter((name) => name.startsWith('pending'));
    expect(await deviceStore.read(pending)).toBeNull();
  });
});
