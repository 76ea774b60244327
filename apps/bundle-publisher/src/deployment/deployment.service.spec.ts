import { beforeEach, describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import {
  deploymentName,
  formatEnvelope,
  parseBundle,
  parseEnvelope,
  parseNote,
  signEnrolment,
  signEnvelope,
  signNoteText,
  verifyEnvelope,
  type Envelope,
  type FleetEvidence,
} from '@strongroom/transparency';
import {
  auditorSigner,
  custodialTrustRoot,
  exampleEnrolment,
  exampleFleet,
  exampleSigner,
  exampleStatement,
  exampleTrustRoot,
  NOW_MS,
  operatorSigner,
  signedByCustodians,
} from '@strongroom/transparency/example';
import { MemoryBundleStore } from '../bundle/bundle.memory.js';
import { NoLog } from '../bundle-log/no-log.fixture.js';
import { BundleService } from '../bundle/bundle.service.js';
import type { Countersigner } from '../countersigner/countersigner.js';
import { MemoryDeploymentStore } from './deployment.memory.js';
import { DeploymentService } from './deployment.service.js';

const identity = { trustRoot: custodialTrustRoot, signer: operatorSigner, validityS: 86_400 };
const stranger = signEnrolment(exampleEnrolment(9), exampleSigner(9));
const replaced = exampleFleet({ epoch: 2, state: 'forming', statements: [stranger, ...exampleFleet().statements.slice(1)] });

describe('submitting a deployment', () => {
  let store: MemoryDeploymentStore;
  let bundles: MemoryBundleStore;
  let fleets: FleetEvidence[];
  let asked: number;
  let signer = auditorSigner;
  const clock = { nowMs: () => NOW_MS };
  const registry = { evidence: async () => fleets, markActive: async () => undefined };
  const countersigner: Countersigner = {
    countersign: async (text) => signNoteText(text, exampleTrustRoot.auditor.name, auditorSigner),
    countersignDeployment: async (envelope: Envelope) => {
      asked += 1;
      return signEnvelope(envelope, exampleTrustRoot.auditor.name, signer);
    },
  };
  const service = (): DeploymentService => new DeploymentService(store, registry, countersigner, identity, clock);
  const propose = async () =>
    parseBundle(
      parseNote((await new BundleService(bundles, registry, countersigner, new NoLog(), store, identity, clock).propose('t')).note).text,
    );
  const nameOf = (digest: Uint8Array | undefined): string => `sha256:${Buffer.from(digest ?? []).toString('hex')}`;

  beforeEach(() => {
    store = new MemoryDeploymentStore();
    bundles = new MemoryBundleStore();
    fleets = [exampleFleet({ state: 'forming' })];
    asked = 0;
    signer = auditorSigner;
  });

  it('gives it back with the signatures of auditor and operator, the same each time', async () => {
    const sent = formatEnvelope(signedByCustodians(exampleStatement()));
    const first = await service().submit(sent);
    const { auditor, operator } = custodialTrustRoot;
    expect(verifyEnvelope(parseEnvelope(first.envelope), [auditor, operator])).toEqual([auditor, operator]);
    expect(await service().submit(sent)).toEqual(first);
    expect(await service().read(first.digest)).toEqual(first);
    expect(asked).toBe(1);
  });

  it.each<[string, () => Envelope]>([
    ['too few custodians', () => signedByCustodians(exampleStatement(), 1)],
    ['other machines than the registry has', () => signedByCustodians(exampleStatement({ fleets: [replaced] }))],
  ])('looks for itself before it asks the auditor: %s', async (_what, envelope) => {
    await expect(service().submit(formatEnvelope(envelope()))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(asked).toBe(0);
  });

  it("keeps nothing without the auditor's own signature", async () => {
    signer = operatorSigner;
    const sent = signedByCustodians(exampleStatement());
    await expect(service().submit(formatEnvelope(sent))).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    expect(await store.byDigest(deploymentName(sent).slice(7))).toBeUndefined();
    await expect(service().read('0'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is what a bundle needs before it announces a fleet, and names', async () => {
    await expect(propose()).rejects.toBeInstanceOf(VaultError);
    const admission = await service().submit(formatEnvelope(signedByCustodians(exampleStatement())));
    expect(nameOf((await propose()).deployment)).toBe(`sha256:${admission.digest}`);
  });

  it('leads from one statement to the next, and refuses a machine that none covers', async () => {
    const admission = await service().submit(formatEnvelope(signedByCustodians(exampleStatement())));
    await propose();
    fleets = [replaced];
    await expect(propose()).rejects.toMatchObject({ code: 'CONFLICT', metadata: { field: 'deployment' } });
    const next = exampleStatement({ fleets: [replaced], predecessor: `sha256:${admission.digest}` });
    const second = await service().submit(formatEnvelope(signedByCustodians(next)));
    expect(await propose()).toMatchObject({ epoch: 2, fleets: [{ epoch: 2 }] });
    expect(nameOf((await bundles.current().then((current) => parseBundle(parseNote(current?.note ?? '').text))).deployment)).toBe(
      `sha256:${second.digest}`,
    );
  });

  it('takes the newest of several that fit', async () => {
    await service().submit(formatEnvelope(signedByCustodians(exampleStatement())));
    const later = exampleStatement({}, { issued: exampleStatement().predicate.issued + 1 });
    const { digest } = await service().submit(formatEnvelope(signedByCustodians(later)));
    expect(nameOf((await propose()).deployment)).toBe(`sha256:${digest}`);
  });
});
