import { SILENT_LOG, TokenVerifier, type Log, type SystemRandom, type VerifiedToken } from '@strongroom/platform';
import { equal, VaultError, verifyEntrySignature, type Entry, type FleetRoster, type SignatureVerifier } from '@strongroom/protocol';
import { ShareEvaluator } from '../evaluation/share-evaluator.js';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import type { Keystore } from '../keystore/keystore.js';
import { RosterHistory } from '../roster/roster-history.js';
import type { Roster } from '../roster/roster.js';
import { DealtShares } from '../shares/dealt-share.js';
import { RecordStageService } from '../shares/record-stage.service.js';
import { SealedShareVault } from '../shares/sealed-share-vault.js';
import { MemoryKeySlots } from '../storage/memory-key-slots.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { EntryAuthority, type TokenStanding } from '../tokens/entry-authority.js';
import { device, type Version } from './account.fixture.js';
import { FleetNode } from './fleet-node.js';
import { MemoryBus, type MemoryWire } from './memory-wire.fixture.js';
import { MortalSlots, MortalStore } from './mortal-disk.fixture.js';
import type { NodeParts, NodeRules } from './node-parts.js';

export const RULES: NodeRules = {
  delaysMs: [],
  coolDownMs: 86_400_000,
  eraseDeadlineMs: 600_000,
  repairPerSecond: 50,
  refreshPerSecond: 50,
  antiEntropyIntervalMs: 0,
  antiEntropyAccounts: 64,
};

/** For specs only: believes tokens as it is told, and checks the entry's own signature. */
export class FakeAuthority extends EntryAuthority {
  standing: TokenStanding | 'invalid' = 'valid';

  constructor(private readonly verifier: SignatureVerifier) {
    super();
  }

  check(entry: Entry): Promise<TokenStanding> {
    const holds = verifyEntrySignature(entry, this.verifier) && equal(entry.core.bindingKey, device.publicKey);
    if (this.standing === 'invalid' || !holds) return Promise.reject(new VaultError('TOKEN_INVALID', 'the token is not believed'));
    return Promise.resolve(this.standing);
  }
}

/** For specs only: every token is of this subject, bound to the device's key. */
export class FakeTokens extends TokenVerifier {
  status: VerifiedToken['status'] = 'valid';
  claims = {
    iss: 'https://issuer.test',
    sub: 'alice',
    bindingKey: device.publicKey,
    thumbprint: new Uint8Array(32),
    notBeforeMs: 0,
    expiresAtMs: 0,
    roles: [],
  };

  verify(): Promise<VerifiedToken> {
    return Promise.resolve({ status: this.status, claims: this.claims });
  }
}

/** For specs only: what a bundle of an earlier epoch would show. */
export class KnownRosters extends RosterHistory {
  readonly rosters: FleetRoster[] = [];

  roster(fleetId: string, epoch: number): FleetRoster | null {
    return this.rosters.find((one) => one.fleetId === fleetId && one.epoch === epoch) ?? null;
  }

  note(): string | null {
    return null;
  }

  take(): Promise<void> {
    return Promise.reject(new VaultError('BUNDLE_INVALID', 'no notes here'));
  }
}

export interface MachineWorld {
  readonly wire: MemoryWire;
  readonly group: SodiumGroup;
  readonly verifier: SignatureVerifier;
  readonly random: SystemRandom;
  readonly nowMs: () => number;
  readonly rules?: NodeRules;
}

/** One process: what it runs and what it writes with. */
export interface Life {
  readonly node: FleetNode;
  readonly store: MortalStore;
  readonly slots: MortalSlots;
  readonly bus: MemoryBus;
  readonly vault: SealedShareVault;
  readonly started: Promise<void>;
  readonly parts: NodeParts;
}

/** For specs only: a machine with a disk, on which a real FleetNode runs, dies and starts again. */
export class Machine {
  readonly disk = new MemoryNodeStore();
  readonly authority: FakeAuthority;
  readonly tokens = new FakeTokens();
  readonly lines: Parameters<Log['warn']>[0][] = [];
  /** How far its clock is off. */
  skewMs = 0;
  life: Life | null = null;
  readonly history = new KnownRosters();
  private readonly keySlots: MemoryKeySlots;

  constructor(
    public roster: Roster,
    readonly keystore: Keystore,
    private readonly world: MachineWorld,
  ) {
    this.authority = new FakeAuthority(world.verifier);
    this.keySlots = new MemoryKeySlots(world.random);
  }

  get now(): Life {
    if (this.life === null) throw new Error(`node ${this.roster.self} is down`);
    return this.life;
  }

  /** Resolves when it runs; `started` resolves when it takes part. */
  async start(): Promise<void> {
    const { parts, ...process } = await this.boot();
    const node = new FleetNode(parts, this.roster);
    const started = node.start();
    started.catch((error: unknown) => this.lines.push({ event: 'node.join-failed', error }));
    this.life = { ...process, node, started, parts };
  }

  /** A process over this machine's disk, with nothing running in it yet. */
  protected async boot(): Promise<Pick<Life, 'store' | 'slots' | 'bus' | 'vault' | 'parts'>> {
    const { wire, group, verifier, random, nowMs, rules = RULES } = this.world;
    const store = new MortalStore(this.disk);
    const slots = new MortalSlots(this.keySlots);
    const bus = new MemoryBus(wire, this.roster.self);
    const clock = { nowMs: () => nowMs() + this.skewMs };
    const vault = await SealedShareVault.open({ store, slots, clock, random });
    const dealt = new DealtShares(this.keystore, group);
    const rosters = { current: () => this.roster, onChange: () => () => undefined };
    const note = (fields: Parameters<Log['warn']>[0]): void => void this.lines.push(fields);
    const log: Log = { ...SILENT_LOG, warn: note, error: note, debug: note, info: () => undefined, fatal: note };
    const staging = new RecordStageService(rosters, this.authority, dealt, group, vault, clock);
    const evaluator = new ShareEvaluator(vault, group, random);
    const software = { software: '0.1.0', artifacts: { 'apps/hsm-node': '1'.repeat(64), libs: '2'.repeat(64) } };
    const given = { bus, clock, random, log, store, vault, evaluator, dealt, staging, group, verifier, rules, software };
    const own = { keystore: this.keystore, authority: this.authority, tokens: this.tokens, history: this.history };
    store.onCrash = () => this.kill();
    return { store, slots, bus, vault, parts: { ...given, ...own } };
  }

  /** As `kill -9`: what is on disk stays, everything else ends at once. */
  kill(): void {
    if (this.life === null) return;
    const { store, slots, bus } = this.life;
    bus.alive = false;
    store.end();
    slots.end();
    this.life = null;
  }

  /** As a staged registration leaves the vault. */
  async stage({ record, encoded, hash, shares, sealed }: Version): Promise<void> {
    const { self } = this.roster;
    const share = (shares[self - 1] ?? new Uint8Array(64)).slice();
    const others = sealed.map((bytes, i) => (i === self - 1 ? new Uint8Array(0) : bytes));
    await this.now.vault.stage({ uid: record.uid, recordHash: hash, ver: record.ver, record: encoded, sealed: others, share });
  }
}
