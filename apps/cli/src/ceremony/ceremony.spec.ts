import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryDeviceStore } from '@strongroom/client';
import { VaultError } from '@strongroom/protocol';
import type { BundleView, FleetView, GatewayHealth } from '@strongroom/stack';
import {
  checkTranscript,
  deploymentDigest,
  deriveBundleText,
  formatEnvelope,
  parseEnvelope,
  signEnvelope,
  statementOf,
  toBase64,
  type Deployment,
  type KnownAnswer,
} from '@strongroom/transparency';
import {
  auditorSigner,
  custodialTrustRoot,
  custodianSigners,
  exampleFleet,
  exampleNote,
  exampleSoftware,
  exampleTrustRoot,
  NOW_MS,
  NOW_SECONDS,
  operatorSigner,
} from '@strongroom/transparency/example';
import { Ceremony, type CeremonyOperator, type CeremonyParts } from './ceremony.js';
import { CeremonyFolder } from './ceremony-state.js';
import { describeCeremony } from './dry-run.js';

const FLEET = exampleFleet({ state: 'forming', n: 3, t: 2, q: 2, statements: exampleFleet().statements.slice(0, 3) });
const { statements, fleetId, epoch, state, ...parameters } = FLEET;
const fleetView: FleetView = {
  fleetId,
  epoch,
  state,
  parameters: { ...parameters, suite: 1 },
  members: statements.map((_, i) => String(i).repeat(64)),
};
const decoder = new TextDecoder();
const keys = custodianSigners.map((signer, i) => ({ vkey: custodialTrustRoot.custodians?.keys[i] ?? exampleTrustRoot.operator, signer }));

/** Publisher, auditor and registry in one object: it signs whatever comes, and announces the newest. */
class FakeVault implements CeremonyOperator {
  readonly submitted: Deployment[] = [];
  readonly texts: string[] = [];
  created = 0;
  live = 3;

  enrolments = async () =>
    fleetView.members.map((digest) => ({
      digest,
      identityKey: 'AA',
      hpkeKey: '',
      environment: 'software' as const,
      keystore: '',
      softwareVersion: '',
      enrolledAt: '',
    }));
  fleets = async () => (this.created > 0 ? [fleetView] : []);
  createFleet = async () => {
    this.created += 1;
    return fleetView;
  };
  evidence = async () => (this.created > 0 ? [{ ...fleetView, statements: statements.map((each) => decoder.decode(each)) }] : []);
  health = async (): Promise<GatewayHealth> => {
    const fleets = [{ fleetId, live: this.live, needed: 2, nodes: 3, missingShares: 0, staleShares: null }];
    return { status: 'ok', checks: {}, bundleEpoch: this.texts.length, fleets };
  };
  bundle = async (): Promise<BundleView | undefined> => {
    const text = this.texts.at(-1);
    return text === undefined ? undefined : { epoch: this.texts.length, digest: '0'.repeat(64), note: exampleNote(text) };
  };
  submitDeployment = async (envelope: string) => {
    const parsed = parseEnvelope(envelope);
    const digest = deploymentDigest(parsed);
    if (!this.submitted.some((each) => toBase64(each.digest) === toBase64(digest)))
      this.submitted.push({ digest, statement: statementOf(parsed) });
    const signed = signEnvelope(
      signEnvelope(parsed, exampleTrustRoot.auditor.name, auditorSigner),
      exampleTrustRoot.operator.name,
      operatorSigner,
    );
    return { digest: Buffer.from(digest).toString('hex'), envelope: formatEnvelope(signed) };
  };
  proposeBundle = async (): Promise<BundleView> => {
    const issuedAt = NOW_SECONDS + this.texts.length;
    const input = { trustRoot: custodialTrustRoot, issuedAt, expiresAt: issuedAt + 86_400, fleets: [FLEET] };
    this.texts.push(deriveBundleText({ ...input, previousText: this.texts.at(-1), deployment: this.submitted.at(-1) }));
    return (await this.bundle()) ?? { epoch: 0, digest: '', note: '' };
  };
}

/** Ends like a process that is killed just before its n-th write: all that was done since the one before is done, and not noted. */
class DyingStore extends MemoryDeviceStore {
  writes = 0;
  dieAt = Number.POSITIVE_INFINITY;

  override async write(name: string, text: string): Promise<void> {
    this.writes += 1;
    if (this.writes === this.dieAt) throw new Error('killed');
    await super.write(name, text);
  }
}

let vault: FakeVault;
let store: DyingStore;
let asked: string[];

function partsOf(changes: Partial<CeremonyParts> = {}): CeremonyParts {
  const ask = async (question: Parameters<CeremonyParts['ask']>[0]): Promise<KnownAnswer> => {
    asked.push(question.name);
    const view = {
      incarnation: 1,
      leafIndex: 0,
      node: 1,
      path: [],
      previous: 'A'.repeat(43),
      sequence: 0,
      signature: 'A'.repeat(86),
      statement: 'AA',
      treeSize: 1,
    };
    return { absent: question.absent, account: '4'.repeat(64), attempts: [], name: question.name, views: [view] };
  };
  return {
    operator: vault,
    trustRoot: custodialTrustRoot,
    folder: new CeremonyFolder('ceremony', store),
    plan: { fleetId, parameters: fleetView.parameters, timeoutMs: 300, nowMs: NOW_MS },
    who: 'olga',
    signing: { keys: keys.slice(0, 2).map((key) => async () => key), brought: [] },
    software: async () => exampleSoftware,
    ask,
    skip: new Set(['minority-lost'] as const),
    stopped: [],
    remark: undefined,
    nowMs: () => NOW_MS,
    ...changes,
  };
}

const hold = (changes: Partial<CeremonyParts> = {}) => new Ceremony(partsOf(changes)).hold();

beforeEach(() => {
  vault = new FakeVault();
  store = new DyingStore();
  asked = [];
});

describe('a ceremony', () => {
  it('ends with an acceptance that the newest bundle names', async () => {
    const { envelope, bundle } = await hold({ remark: 'the room was too warm' });
    const { predicate } = statementOf(envelope);
    expect(predicate).toMatchObject({ stage: 'acceptance', fleet: fleetId });
    expect(predicate.transcript.map(({ step, exception }) => (exception === '' ? step : `${step}: ${exception}`))).toEqual([
      'trust-root',
      'software',
      'remark: the room was too warm',
      'members',
      'announced',
      'serving',
      'known-answer right-code',
      'known-answer wrong-code',
      'known-answer minority-lost: left out on purpose',
      'known-answer lock',
    ]);
    expect(bundle.epoch).toBe(2);
    expect(vault.submitted.length).toBe(2);
  });

  it('goes on from wherever it is killed, and says no step twice', async () => {
    await hold();
    const steps = store.writes;
    expect(steps).toBeGreaterThan(15);
    for (let dieAt = 1; dieAt <= steps; dieAt++) {
      vault = new FakeVault();
      store = Object.assign(new DyingStore(), { dieAt });
      await expect(hold()).rejects.toThrow('killed');
      const { envelope } = await hold();
      const { transcript } = statementOf(envelope).predicate;
      checkTranscript(transcript);
      expect(new Set(transcript.map(({ step }) => step)).size).toBe(transcript.length);
      expect([vault.created, vault.submitted.length, vault.texts.length]).toEqual([1, 2, 2]);
    }
  }, 120_000);

  it('asks nothing of the fleet and announces nothing before custodians have signed', async () => {
    const one = { keys: keys.slice(0, 1).map((key) => async () => key), brought: [] };
    await expect(hold({ signing: one })).rejects.toMatchObject({ code: 'CONFLICT', metadata: { needed: 'signatures', missing: 1 } });
    expect([vault.submitted, vault.texts, asked]).toEqual([[], [], []]);
    // The first signature is kept: only the missing one is asked for.
    const other = { keys: keys.slice(2).map((key) => async () => key), brought: [] };
    await expect(hold({ signing: other })).rejects.toMatchObject({ metadata: { needed: 'signatures', file: 'ceremony/acceptance.json' } });
    expect(vault.texts.length).toBe(1);
  });

  it('takes no key that is no custodian', async () => {
    const stranger = async () => ({ vkey: exampleTrustRoot.operator, signer: operatorSigner });
    const signing = { keys: [stranger], brought: [] };
    await expect(hold({ signing })).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'custodianKey' } });
  });

  it('waits for people to stop nodes, and for the nodes to be gone', async () => {
    await expect(hold({ skip: new Set() })).rejects.toMatchObject({ code: 'CONFLICT', metadata: { needed: 'stopped' } });
    await expect(hold({ skip: new Set(), stopped: [3] })).rejects.toThrow('nodes 3 to be gone');
    vault.live = 2;
    await expect(hold({ skip: new Set(), stopped: [3] })).rejects.toThrow('every node to be started');
    vault.live = 3;
    const { envelope } = await hold({ skip: new Set(), stopped: [3] });
    expect(statementOf(envelope).predicate.knownAnswers.map(({ name, absent }) => [name, absent.length])).toEqual([
      ['right-code', 0],
      ['wrong-code', 0],
      ['minority-lost', 1],
      ['lock', 0],
    ]);
  });

  it('stops when nodes make it wait, and asks only what is missing afterwards', async () => {
    const slow = async (question: Parameters<CeremonyParts['ask']>[0]): Promise<KnownAnswer> => {
      if (question.name === 'lock') throw new VaultError('RATE_LIMITED', 'later', { retryAtMs: NOW_MS + 60_000 });
      return partsOf().ask(question);
    };
    await expect(hold({ ask: slow })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await hold();
    expect(asked).toEqual(['right-code', 'wrong-code', 'lock']);
  });

  it('refuses a state that is not its own', async () => {
    await store.write('state.json', '{"format":"other"}');
    await expect(hold()).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'ceremony' } });
    expect(vault.created).toBe(0);
  });
});

describe('a rehearsal', () => {
  it('says each step, and writes, signs and sends nothing', async () => {
    const steps = await describeCeremony(partsOf());
    expect(steps[0]).toMatchObject({ step: 'software', state: 'next' });
    expect(steps.map(({ step }) => step)).toContain('known-answer lock');
    expect([store.writes, vault.created, vault.submitted, vault.texts, asked]).toEqual([0, 0, [], [], []]);
  });

  it('knows what has been done', async () => {
    await hold();
    expect((await describeCeremony(partsOf())).map(({ state: each }) => each)).toEqual(Array.from({ length: 9 }, () => 'done'));
  });
});
