import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { assembleNote, formatTrustRoot, signTrustRoot, type TrustRoot } from '@strongroom/transparency';
import {
  exampleProof,
  loggedTrustRoot,
  logSigner,
  NOW_SECONDS,
  rotationSigners,
  type ProofChanges,
} from '@strongroom/transparency/example';
import type { VaultClientOptions } from './client-options.js';
import { MemoryDeviceStore } from './device/memory-device-store.js';
import { exampleSetup, type ExampleSetup } from './example/example-client.js';
import { makeExampleFleet, signedBy, type ExampleFleet } from './example/example-fleet.js';
import type { VaultClient } from './vault-client.js';

const KEY = new Uint8Array(32).fill(3);
const CODE = 'correct horse 7';
const DAY_S = 86_400;
const BOTH = ['auditor', 'operator'] as const;
const shipped = { trustRoot: formatTrustRoot(loggedTrustRoot) };
let setup: ExampleSetup;
let first: ExampleFleet;

// Elliptic curves on a busy machine: the limit only catches what hangs.
jest.setTimeout(60_000);

/** Fleets whose keys nobody had when the client was built. */
const fleetAfter = (
  previous?: ExampleFleet,
  changes: { readonly seed?: number; readonly trustRoot?: TrustRoot } = {},
): Promise<ExampleFleet> =>
  makeExampleFleet({
    trustRoot: loggedTrustRoot,
    validDays: 80,
    seed: 40,
    ...(previous && { previousText: previous.text, issuedAt: NOW_SECONDS - 500 }),
    ...changes,
  });
/** Announces the last of them by the proof that all were logged. */
function announce(fleets: readonly ExampleFleet[], changes: ProofChanges = {}): void {
  const fleet = fleets.at(-1) ?? first;
  setup.gateway.logged = fleets.map(({ text }) => text);
  setup.gateway.fleet = {
    ...fleet,
    note: exampleProof(
      fleets.map(({ text }) => signedBy(text, BOTH)),
      changes,
    ),
  };
}
const device = (changes: Partial<VaultClientOptions> = {}): VaultClient => setup.device({ ...shipped, ...changes });
const witnessedAt = (time: number): ProofChanges => ({ cosigned: [1, 2, 3].map((witness) => ({ witness, time })) });
const refused = (code: string, check: string): unknown => expect.objectContaining({ code, metadata: { check } });
const registrations = (): number => setup.gateway.routes().filter((route) => route === 'POST /v1/records').length;

beforeEach(async () => {
  setup = await exampleSetup();
  first = await fleetAfter();
  announce([first]);
});

describe('a client built before its fleet existed', () => {
  it('learns the fleet from the log over the air, protects and recovers with it, and calls it verified', async () => {
    const client = device();
    const report = await client.fleet();
    expect(report).toMatchObject({ epoch: 1, verified: true, gossipCode: expect.stringMatching(/^1\.1\.[0-9a-f]{12}$/) });
    expect(report.checks.map(({ number, outcome }) => [number, outcome])).toEqual(Array.from({ length: 20 }, (_, i) => [i + 1, 'ok']));
    await client.protect(KEY, CODE);
    const { backupKey, unwitnessed } = await device().recover(CODE);
    expect(backupKey.reveal()).toEqual(KEY);
    expect(unwitnessed).toEqual([]);
  });

  it.each<readonly [what: string, code: string, check: string, make: (text: string) => string]>([
    ['a bundle that nobody logged', 'BUNDLE_INVALID', 'proof-grammar', (text) => signedBy(text, BOTH)],
    ['a bundle without the auditor', 'BUNDLE_INVALID', 'both-signatures', (text) => exampleProof([signedBy(text, ['operator'])])],
    ['a bundle without the operator', 'BUNDLE_INVALID', 'both-signatures', (text) => exampleProof([signedBy(text, ['auditor'])])],
    [
      'a log that has not signed',
      'BUNDLE_INVALID',
      'log-signature',
      (text) => exampleProof([signedBy(text, BOTH)], { logLines: () => [] }),
    ],
    ['witnesses that are silent', 'BUNDLE_STALE', 'witness-quorum', (text) => exampleProof([signedBy(text, BOTH)], { cosigned: [] })],
    [
      'witnesses of last week',
      'BUNDLE_STALE',
      'freshness',
      (text) => exampleProof([signedBy(text, BOTH)], witnessedAt(NOW_SECONDS - 8 * DAY_S)),
    ],
  ])('uses no fleet from %s', async (_what, code, check, make) => {
    setup.gateway.fleet = { ...first, note: make(first.text) };
    await expect(device().fleet()).rejects.toEqual(refused(code, check));
    await expect(device().protect(KEY, CODE)).rejects.toMatchObject({ metadata: { check } });
    expect(registrations()).toBe(0);
  });

  it('uses no fleet from the proof of another bundle, or of one that a newer replaced', async () => {
    const notes = [first, await fleetAfter(first)].map(({ text }) => signedBy(text, BOTH));
    setup.gateway.fleet = { ...first, note: exampleProof(notes, { index: 0 }) };
    await expect(device().fleet()).rejects.toEqual(refused('BUNDLE_STALE', 'head'));
    const extra = /extra .*/.exec(exampleProof(notes))?.[0] ?? '';
    setup.gateway.fleet = { ...first, note: exampleProof(notes.slice(0, 1)).replace(/extra .*/, extra) };
    await expect(device().fleet()).rejects.toEqual(refused('BUNDLE_INVALID', 'inclusion'));
  });

  it('follows no log that was forked since, also after a restart', async () => {
    const deviceStore = new MemoryDeviceStore();
    await device({ deviceStore }).fleet();
    const second = await fleetAfter(first);
    const other = await fleetAfter(undefined, { seed: 60 });
    announce([other, second]);
    for (const client of [device({ deviceStore }), device({ deviceStore })]) {
      await expect(client.fleet()).rejects.toEqual(refused('BUNDLE_INVALID', 'consistency'));
    }
    announce([first, second]);
    expect(await device({ deviceStore }).fleet()).toMatchObject({ epoch: 2, verified: true });
  });

  it('goes back to no earlier fleet, however well it is witnessed', async () => {
    const deviceStore = new MemoryDeviceStore();
    announce([first, await fleetAfter(first)]);
    await device({ deviceStore }).fleet();
    setup.clock.now += 8 * DAY_S * 1000;
    announce([first], witnessedAt(NOW_SECONDS + 8 * DAY_S));
    await expect(device({ deviceStore }).fleet()).rejects.toEqual(refused('BUNDLE_STALE', 'epoch'));
  });

  it('follows to the next trust root when its keys have signed it, with what it remembers of the log', async () => {
    const deviceStore = new MemoryDeviceStore();
    await device({ deviceStore }).fleet();
    const next = { ...loggedTrustRoot, version: 2 };
    const signedBy2 = (...custodians: readonly number[]): string =>
      assembleNote(
        formatTrustRoot(next),
        custodians.map((i) => signTrustRoot(next, `custodian.example/${i}`, rotationSigners[i - 1] ?? logSigner)),
      );
    const second = await fleetAfter(first, { trustRoot: next });
    announce([first, second]);
    await expect(device({ deviceStore }).fleet()).rejects.toEqual(refused('BUNDLE_INVALID', 'trust-root'));
    expect(() => device({ trustRootUpdates: [signedBy2(1)] })).toThrow(expect.objectContaining({ metadata: { field: 'trustRoot' } }));
    const updated = device({ deviceStore, trustRootUpdates: [signedBy2(1, 3)] });
    expect(await updated.fleet()).toMatchObject({ epoch: 2, verified: true });
  });

  it('follows the log over bundles that it missed, by the proof that the log only grew', async () => {
    const client = device();
    await client.fleet();
    const second = await fleetAfter(first);
    const third = await fleetAfter(second);
    announce([first, second, third]);
    setup.gateway.tamper = (route, answer) => (route === 'consistency' ? { proof: [] } : answer);
    await expect(client.fleet()).rejects.toEqual(refused('BUNDLE_INVALID', 'consistency'));
    setup.gateway.tamper = (_route, answer) => answer;
    expect(await client.fleet()).toMatchObject({ epoch: 3, verified: true });
  });
});

describe('a client whose witnesses fall silent', () => {
  it('recovers in the epoch that it pinned, says that nobody witnessed it, and seals nothing new', async () => {
    const deviceStore = new MemoryDeviceStore();
    const client = device({ deviceStore });
    await client.protect(KEY, CODE);
    setup.clock.now += 40 * DAY_S * 1000;
    const { backupKey, unwitnessed } = await client.recover(CODE);
    expect(backupKey.reveal()).toEqual(KEY);
    expect(unwitnessed).toEqual(['freshness']);
    await expect(client.fleet()).rejects.toEqual(refused('BUNDLE_STALE', 'freshness'));
    await expect(client.protect(KEY, 'another code 8')).rejects.toEqual(refused('BUNDLE_STALE', 'freshness'));
    expect(registrations()).toBe(1);
    const later = await fleetAfter(first);
    announce([first, later]);
    expect((await device({ deviceStore }).recover(CODE)).backupKey.reveal()).toEqual(KEY);
  });

  it('pins nothing new for a device that has seen no bundle', async () => {
    await device().protect(KEY, CODE);
    setup.clock.now += 40 * DAY_S * 1000;
    await expect(device().recover(CODE)).rejects.toEqual(refused('BUNDLE_STALE', 'freshness'));
  });

  it('takes the same bundle again as soon as they have spoken, and keeps the younger proof', async () => {
    const deviceStore = new MemoryDeviceStore();
    await device({ deviceStore }).protect(KEY, CODE);
    setup.clock.now += 40 * DAY_S * 1000;
    announce([first], witnessedAt(NOW_SECONDS + 40 * DAY_S));
    expect(await device({ deviceStore }).fleet()).toMatchObject({ epoch: 1, verified: true });
    const asked = setup.gateway.routes().length;
    announce([first]);
    await device({ deviceStore }).protect(KEY, 'another code 8');
    expect(setup.gateway.routes().slice(asked)).not.toContain('GET /v1/fleet-bundle');
  });
});
