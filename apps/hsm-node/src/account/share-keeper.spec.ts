import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLog, SystemRandom } from '@strongroom/platform';
import { encodeLogValue, entryId, type AccountPolicy, type EntryCore, type FleetRoster, type LogValue } from '@strongroom/protocol';
import { AccountRows } from '../log/account-rows.js';
import { emptyChain } from '../log/chain.js';
import { LogEngine } from '../log/log-engine.js';
import { SealedShareVault } from '../shares/sealed-share-vault.js';
import { uid, versionOf } from '../shares/share-vault.suite.js';
import { MemoryKeySlots } from '../storage/memory-key-slots.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { Deadlines } from './deadlines.js';
import { ShareKeeper } from './share-keeper.js';

const HOUR_MS = 3_600_000;
const START_MS = 1_800_000_000_000;
const ERASE_MS = 600_000;
const policy: AccountPolicy = { attempts: 2, coolDownMs: 24 * HOUR_MS, delaysMs: [], maxSkewMs: 120_000 };
const roster: FleetRoster = { fleetId: 'eu-1', epoch: 1, n: 1, t: 1, q: 1, attempts: 2, members: [] };
const random = new SystemRandom();
const log = createLog('hsm-node', 'silent');

let nowMs: number;
let store: MemoryNodeStore;
let vault: SealedShareVault;
let engine: LogEngine;
let keeper: ShareKeeper;
let newest: boolean;
let fetched: number[];
let events: string[];

/** A process over the same disk: what was only in memory is gone. */
function start(): void {
  const rows = new AccountRows(store);
  const signer = { publicKey: new Uint8Array(32), sign: () => new Uint8Array(64) };
  const verifier = { verify: () => true };
  const options = { store, rows, roster, self: 1, policy, verifier, signer, log, nowMs: () => nowMs, publish: () => undefined };
  engine = new LogEngine(options, emptyChain('eu-1', 1, 1));
  const tell =
    (what: string) =>
    (_uid: Uint8Array, hash: Uint8Array, reason: unknown = ''): void =>
      void events.push(`${what} ${(hash[0] ?? 0) - 100} ${typeof reason === 'string' ? reason : ''}`.trim());
  keeper = new ShareKeeper({
    engine,
    vault,
    deadlines: new Deadlines(store),
    fetch: {
      obtain: (account, hash) => {
        if (!vault.holds(account, hash)) fetched.push((hash[0] ?? 0) - 100);
        return Promise.resolve(vault.holds(account, hash));
      },
    },
    attestation: { confirmNewest: () => Promise.resolve(newest) },
    policy,
    eraseDeadlineMs: ERASE_MS,
    nowMs: () => nowMs,
    log,
    events: { activated: tell('activated'), locked: tell('locked'), erased: tell('erased'), held: () => undefined },
  });
}

beforeEach(async () => {
  nowMs = START_MS;
  newest = true;
  fetched = [];
  events = [];
  store = new MemoryNodeStore();
  vault = await SealedShareVault.open({ store, slots: new MemoryKeySlots(random), clock: { nowMs: () => nowMs }, random });
  start();
});

type Change = { readonly kind: Exclude<EntryCore['kind'], 'reshare'>; readonly ver: number; readonly byOwner?: boolean };

/** What the log decides next. */
async function decided({ kind, ver, byOwner = false }: Change): Promise<LogValue> {
  const account = engine.account(uid);
  const key = new Uint8Array(32).fill(7);
  const head = { fleetId: 'eu-1', uid, ver, bindingKey: key, nonce: new Uint8Array(16).fill(account.state.index) };
  const cores = {
    attempt: { kind: 'attempt', ...head, blinded: key, ephemeralKey: key },
    register: { kind: 'register', ...head, recordHash: versionOf(ver).recordHash, confirmKey: key, ownerKey: key },
    delete: { kind: 'delete', ...head },
    cancel: { kind: 'cancel', ...head },
  } as const;
  const entry = {
    core: cores[kind],
    signature: new Uint8Array(64),
    ownerSignature: byOwner ? new Uint8Array(64) : null,
    token: 'e30.e30.c2ln',
  };
  const value: LogValue = { stampMs: nowMs, lastOk: account.confirmation?.index ?? 0, entry };
  await engine.post(uid, { kind: 'set', index: account.state.index + 1, value: encodeLogValue(value), logValue: value, votes: [] });
  await keeper.settled();
  return value;
}

async function registered(ver: number, byOwner = false): Promise<void> {
  await vault.stage(versionOf(ver));
  await decided({ kind: 'register', ver, byOwner });
}

async function attempted(ver: number, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await decided({ kind: 'attempt', ver });
}

/** The right code was used for the last decided attempt. */
async function confirmed({ entry }: LogValue): Promise<void> {
  const { index } = engine.account(uid).state;
  const confirmation = { uid, ver: entry.core.ver, index, attemptId: entryId(entry.core), signature: new Uint8Array(64) };
  await engine.post(uid, { kind: 'confirm', confirmation });
  await keeper.settled();
}

async function pass(ms: number): Promise<void> {
  nowMs += ms;
  await keeper.tick();
}

const held = (): number[] => [1, 2, 3].filter((ver) => vault.holds(uid, versionOf(ver).recordHash));

describe('a version that is over', () => {
  it('is erased when its owner replaces it', async () => {
    await registered(1);
    await registered(2, true);
    expect(held()).toEqual([2]);
    expect(events).toEqual(['activated 1', 'activated 2', 'erased 1 replaced']);
  });

  it('is erased after a restart when a crash came between the decision and the erase', async () => {
    await registered(1);
    await registered(2, true);
    await vault.stage(versionOf(1));
    await vault.activate(uid, versionOf(1).recordHash);
    start();
    await keeper.review(engine.account(uid));
    expect(held()).toEqual([2]);
  });

  it('goes without one that was staged above it: its decision may be under way', async () => {
    await registered(1);
    await vault.stage(versionOf(3));
    await registered(2, true);
    expect(held()).toEqual([2, 3]);
  });
});

describe('a locked account', () => {
  beforeEach(async () => {
    await registered(1);
    await attempted(1, 2);
  });

  it('is erased at its deadline, also after a restart, and not fetched again', async () => {
    await pass(ERASE_MS - 1);
    expect(held()).toEqual([1]);
    start();
    await pass(1);
    expect(held()).toEqual([]);
    expect(events).toEqual(['activated 1', 'locked 1', 'erased 1 locked']);
    start();
    await keeper.review(engine.account(uid));
    expect(fetched).toEqual([]);
  });

  it('stays while q nodes do not agree that nothing newer is known', async () => {
    newest = false;
    await pass(ERASE_MS);
    expect(held()).toEqual([1]);
    newest = true;
    await pass(1_000);
    expect(held()).toEqual([]);
  });

  it('says so while it is being erased, so that no confirmation is acknowledged then', async () => {
    nowMs += ERASE_MS;
    const acting = keeper.tick();
    let seen = false;
    const watch = async (): Promise<void> => {
      while (held().length > 0) {
        seen ||= keeper.isErasing(uid);
        await Promise.resolve();
      }
    };
    await Promise.all([acting, watch()]);
    expect([seen, keeper.isErasing(uid)]).toEqual([true, false]);
  });

  it('is erased without the new version that is being registered', async () => {
    await vault.stage(versionOf(2));
    await pass(ERASE_MS);
    expect(held()).toEqual([2]);
    await decided({ kind: 'register', ver: 2 });
    expect(held()).toEqual([2]);
  });
});

it('a right last attempt ends the lock', async () => {
  await registered(1);
  await attempted(1);
  await confirmed(await decided({ kind: 'attempt', ver: 1 }));
  await pass(ERASE_MS);
  expect(held()).toEqual([1]);
});

describe('a change without the owner', () => {
  it('does not put off the erase of a lock', async () => {
    await registered(1);
    await registered(2);
    await attempted(1, 2);
    await pass(ERASE_MS);
    expect(held()).toEqual([2]);
    expect(events).toContain('locked 1');
  });

  it('erases the old version with the first entry after the cool-down, not by the clock', async () => {
    await registered(1);
    await registered(2);
    await pass(policy.coolDownMs + HOUR_MS);
    expect(held()).toEqual([1, 2]);
    await attempted(2);
    expect(held()).toEqual([2]);
  });

  it('leaves the old version whole for a confirmation that comes after the cool-down', async () => {
    await registered(1);
    await registered(2);
    await pass(policy.coolDownMs - 1);
    const attempt = await decided({ kind: 'attempt', ver: 1 });
    await pass(HOUR_MS);
    await confirmed(attempt);
    await attempted(1);
    expect(held()).toEqual([1]);
  });

  it('deletes after cool-down and deadline without anybody asking, also after a restart', async () => {
    await registered(1);
    await decided({ kind: 'delete', ver: 2 });
    await pass(policy.coolDownMs);
    expect(held()).toEqual([1]);
    start();
    await keeper.review(engine.account(uid));
    await pass(ERASE_MS);
    expect(held()).toEqual([]);
    expect(events).toContain('erased 1 deleted');
  });

  it('deletes nothing when the owner cancels it', async () => {
    await registered(1);
    await decided({ kind: 'delete', ver: 2 });
    await decided({ kind: 'cancel', ver: 2, byOwner: true });
    await pass(policy.coolDownMs + ERASE_MS);
    expect(held()).toEqual([1]);
  });
});
