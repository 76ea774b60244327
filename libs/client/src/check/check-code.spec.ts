import { beforeEach, describe, expect, it } from '@jest/globals';
import { sha512 } from '@noble/hashes/sha2.js';
import type { VaultClientOptions } from '../client-options.js';
import { MemoryDeviceStore } from '../device/memory-device-store.js';
import { exampleSetup, type ExampleSetup } from '../example/example-client.js';
import { systemRandom } from '../platform/system-random.js';

const KEY = new Uint8Array(32).fill(7);
const CODE = 'Café correct 7';
let setup: ExampleSetup;
beforeEach(async () => {
  setup = await exampleSetup();
});

/** Keeps what is needed for a check; its stretching is quick and counts. */
function keeping(deviceStore = new MemoryDeviceStore()): Partial<VaultClientOptions> & { readonly deviceStore: MemoryDeviceStore } {
  return { deviceStore, keepCodeCheck: true, stretcher: { argon2id: async (input) => sha512(input) } };
}

async function keptText(store: MemoryDeviceStore): Promise<string | null> {
  const names = [...Object.values(store)].flatMap((texts) => (texts instanceof Map ? [...texts.keys()] : []));
  const name = names.find((text) => String(text).startsWith('code-check.'));
  return name === undefined ? null : store.read(String(name));
}

describe('the check whether a code is remembered', () => {
  it('tells right from wrong, however the code was typed', async () => {
    const device = setup.device(keeping());
    await device.protect(KEY, CODE);
    expect(await device.checkCode(CODE, KEY)).toBe('right');
    expect(await device.checkCode(CODE.normalize('NFD'), KEY)).toBe('right');
    expect(await device.checkCode('Café correct 8', KEY)).toBe('wrong');
  });

  it('costs no attempt and tells the nodes no code', async () => {
    const paths: string[] = [];
    const fetch: typeof setup.gateway.fetch = (url, init) => {
      paths.push(new URL(url).pathname);
      return setup.gateway.fetch(url, init);
    };
    const device = setup.device({ ...keeping(), fetch });
    await device.protect(KEY, CODE);
    const { attemptsLeft } = await device.status();
    paths.length = 0;
    for (let i = 0; i < 12; i++) expect(await device.checkCode(`wrong code ${i}`, KEY)).toBe('wrong');
    expect(paths.filter((path) => path.includes('attempt'))).toEqual([]);
    expect((await device.status()).attemptsLeft).toBe(attemptsLeft);
  });

  it('is possible on a device that recovered', async () => {
    await setup.device().protect(KEY, CODE);
    const second = setup.device(keeping());
    await second.recover(CODE);
    expect([await second.checkCode(CODE, KEY), await second.checkCode('another code', KEY)]).toEqual(['right', 'wrong']);
  });

  it('is asked for ever more seldom while it is answered rightly, and soon again after a slip', async () => {
    const device = setup.device(keeping());
    expect(await device.codeCheckDueAt()).toBeNull();
    await device.protect(KEY, CODE);
    const days = async (): Promise<number> => ((await device.codeCheckDueAt())?.getTime() ?? 0) - setup.clock.nowMs();
    const seen: number[] = [await days()];
    for (const code of [CODE, CODE, CODE, CODE, CODE, CODE, 'another code', CODE]) {
      await device.checkCode(code, KEY);
      seen.push(await days());
    }
    expect(seen.map((ms) => Math.round(ms / 86_400_000))).toEqual([1, 3, 7, 14, 30, 90, 90, 1, 3]);
  });

  it('says so when another code was set elsewhere, also for the code that was right', async () => {
    const options = keeping();
    const device = setup.device(options);
    await device.protect(KEY, CODE);
    await setup.device({ deviceStore: await ownerOnly(options.deviceStore) }).protect(KEY, 'another code');
    expect(await device.checkCode(CODE, KEY)).toBe('outdated');
  });

  it('does not call a code right that brings nothing back any more, because all attempts are spent', async () => {
    const device = setup.device(keeping());
    await device.protect(KEY, CODE);
    const thief = setup.device();
    for (let i = 0; i < 10; i++) await expect(thief.recover(`guess number ${i}`)).rejects.toMatchObject({ code: 'CODE_WRONG' });
    expect(await device.checkCode(CODE, KEY)).toBe('outdated');
  });

  it('knows nothing of another backup key, of a forgotten record, and where nothing is kept', async () => {
    const device = setup.device(keeping());
    await device.protect(KEY, CODE);
    expect(await device.checkCode(CODE, new Uint8Array(32))).toBe('unknown');
    await device.forget();
    expect(await device.checkCode(CODE, KEY)).toBe('unknown');
    const without = new MemoryDeviceStore();
    await setup.device({ deviceStore: without }, 'bob').protect(KEY, CODE);
    expect(await keptText(without)).toBeNull();
  });

  it('keeps nothing for a version that is not in force yet', async () => {
    await setup.device().protect(KEY, CODE);
    const options = keeping();
    expect(await setup.device(options).protect(new Uint8Array(32), 'strangers code')).toMatchObject({ status: 'pending' });
    expect(await keptText(options.deviceStore)).toBeNull();
  });

  it('keeps nothing that shows the code to somebody without the backup key', async () => {
    const random = { bytes: (length: number) => (length === 16 ? new Uint8Array(16) : systemRandom.bytes(length)) };
    const kept = async (backupKey: Uint8Array, code: string): Promise<Record<string, string>> => {
      const options = keeping();
      await (await exampleSetup()).device({ ...options, random }).protect(backupKey, code);
      return JSON.parse((await keptText(options.deviceStore)) ?? 'null');
    };
    const [mine, otherKey, otherCode] = [
      await kept(KEY, CODE),
      await kept(new Uint8Array(32).fill(8), CODE),
      await kept(KEY, 'another code'),
    ];
    expect(Object.keys(mine).sort()).toEqual(['askedAtMs', 'codeTag', 'fleetId', 'keyTag', 'rightInARow', 'salt', 'version']);
    const { askedAtMs: _asked, ...same } = mine;
    expect(await kept(KEY, CODE)).toMatchObject(same);
    // The backup key decides both tags, the code only the one that nobody without that key can compute.
    expect([otherKey['salt'], otherKey['keyTag'] === mine['keyTag'], otherKey['codeTag'] === mine['codeTag']]).toEqual([
      mine['salt'],
      false,
      false,
    ]);
    expect([otherCode['keyTag'] === mine['keyTag'], otherCode['codeTag'] === mine['codeTag']]).toEqual([true, false]);
  });
});

/** The owner key of a store and nothing else: a second device of the same owner. */
async function ownerOnly(store: MemoryDeviceStore): Promise<MemoryDeviceStore> {
  const copy = new MemoryDeviceStore();
  for (const texts of Object.values(store)) {
    if (!(texts instanceof Map)) continue;
    for (const [name, text] of texts) if (String(name).startsWith('owner-key.')) await copy.write(String(name), String(text));
  }
  return copy;
}
