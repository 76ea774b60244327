import { beforeEach, describe, expect, it } from '@jest/globals';
import { toHex } from '@strongroom/protocol';
import {
  canonicalJson,
  deploymentDigest,
  deriveBundleText,
  formatEnvelope,
  parseEnvelope,
  signEnrolment,
  signEnvelope,
  verifyEnvelope,
  type Envelope,
  type FleetEvidence,
} from '@strongroom/transparency';
import {
  auditorSigner,
  custodialTrustRoot,
  custodianSigners,
  exampleEnrolment,
  exampleFleet,
  exampleSigner,
  exampleStatement,
  exampleTranscript,
  NOW_MS,
  NOW_SECONDS,
  signedByCustodians,
} from '@strongroom/transparency/example';
import { MemoryAuditStore } from '../audit/audit.memory.js';
import { AuditService } from '../audit/audit.service.js';
import { MemoryDeploymentRecord } from './deployment.memory.js';
import { DeploymentAudit } from './deployment.service.js';

const stranger = signEnrolment(exampleEnrolment(9), exampleSigner(9));
const identity = { trustRoot: custodialTrustRoot, signer: auditorSigner, allowBenchSuite: false };

describe('countersigning a deployment', () => {
  let record: MemoryDeploymentRecord;
  let fleets: FleetEvidence[];
  let nowMs: number;
  const audit = (): DeploymentAudit => new DeploymentAudit(record, { evidence: async () => fleets }, identity, { nowMs: () => nowMs });
  const send = (envelope: Envelope): Promise<string> => audit().countersign(formatEnvelope(envelope));

  beforeEach(() => {
    record = new MemoryDeploymentRecord();
    fleets = [exampleFleet({ state: 'forming' })];
    nowMs = NOW_MS;
  });

  it('keeps the statement and signs the same bytes', async () => {
    const envelope = signedByCustodians(exampleStatement());
    const signed = parseEnvelope(await send(envelope));
    expect(signed.payload).toEqual(envelope.payload);
    expect(verifyEnvelope(signed, [custodialTrustRoot.auditor])).toEqual([custodialTrustRoot.auditor]);
    expect(await audit().signedBefore(deploymentDigest(envelope))).toMatchObject({ statement: exampleStatement() });
  });

  it('gives the same signature again, when the registry is away and years later', async () => {
    const envelope = signedByCustodians(exampleStatement());
    const first = await send(envelope);
    fleets = [];
    nowMs += 1e12;
    expect(await send(envelope)).toBe(first);
  });

  const acceptance = exampleStatement({}, { stage: 'acceptance' });
  it.each<[string, string, () => Envelope]>([
    ['one custodian too few', 'custodians', () => signedByCustodians(exampleStatement(), 1)],
    [
      'one custodian who signed twice',
      'custodians',
      () => {
        const one = signedByCustodians(exampleStatement(), 1);
        return { ...one, signatures: [...one.signatures, ...one.signatures] };
      },
    ],
    [
      'a machine that the registry has not in the fleet',
      'fleets',
      () =>
        signedByCustodians(exampleStatement({ fleets: [exampleFleet({ statements: [stranger, ...exampleFleet().statements.slice(1)] })] })),
    ],
    [
      'parameters that the registry has not',
      'fleets',
      () => signedByCustodians(exampleStatement({ fleets: [exampleFleet({ attempts: 9 })] })),
    ],
    [
      'a fleet that the registry does not know',
      'fleets',
      () => signedByCustodians(exampleStatement({ fleets: [exampleFleet({ fleetId: 'eu-9' })] })),
    ],
    [
      'another installation',
      'trust-root',
      () => signedByCustodians(exampleStatement({ trustRoot: { ...custodialTrustRoot, version: 2 } })),
    ],
    ['an issue in the future', 'issued', () => signedByCustodians(exampleStatement({}, { issued: NOW_SECONDS + 301 }))],
    ['an issue of last month', 'issued', () => signedByCustodians(exampleStatement({}, lastMonth()))],
    [
      'a statement that breaks a rule inside',
      'statement',
      () => {
        const payload = new TextEncoder().encode(canonicalJson(acceptance));
        const draft = { payloadType: 'application/vnd.in-toto+json', payload, signatures: [] };
        return custodianSigners.reduce<Envelope>((signed, signer, i) => signEnvelope(signed, `custodian.example/${i + 1}`, signer), draft);
      },
    ],
  ])('signs nothing with %s', async (_what, field, envelope) => {
    await expect(send(envelope())).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field } });
    expect(record.kept.size).toBe(0);
  });

  it.each(['', 'x', '{}', '\n', '{"payload":""}\n'])('refuses %j, which is no envelope', async (junk) => {
    await expect(audit().countersign(junk)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'envelope' } });
  });

  describe('binds the bundles that follow', () => {
    const text = (named: Envelope | undefined, evidence = fleets): string =>
      deriveBundleText({
        trustRoot: custodialTrustRoot,
        previousText: undefined,
        issuedAt: NOW_SECONDS,
        expiresAt: NOW_SECONDS + 86_400,
        fleets: evidence,
        deployment: named && { digest: deploymentDigest(named), statement: exampleStatement() },
      });
    const countersign = (proposed: string): Promise<string> =>
      new AuditService(new MemoryAuditStore(), { evidence: async () => fleets }, identity, { nowMs: () => nowMs }, audit()).countersign(
        proposed,
      );
    const signed = signedByCustodians(exampleStatement());

    it('signs a bundle that names a statement that it has signed', async () => {
      await send(signed);
      await expect(countersign(text(signed))).resolves.toContain('auditor.example');
    });

    it.each<[string, () => string]>([
      ['one that it has never seen', () => text(signed)],
      ['none at all', () => text(signed).replace(/^deployment .*$/m, 'deployment none')],
      ['another digest', () => text(signed).replace(/^deployment .*$/m, `deployment sha256:${'5'.repeat(64)}`)],
    ])('refuses a bundle that names %s', async (_what, proposed) => {
      const offered = proposed();
      await expect(countersign(offered)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
      expect(toHex(deploymentDigest(signed))).toMatch(/^[0-9a-f]{64}$/);
    });

    it('refuses a machine that the registry puts in afterwards, though both texts agree', async () => {
      await send(signed);
      const good = text(signed);
      fleets = [exampleFleet({ statements: [stranger, ...exampleFleet().statements.slice(1)] })];
      await expect(countersign(good)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
    });
  });
});

/** A statement whose whole ceremony was held then. */
function lastMonth(): Parameters<typeof exampleStatement>[1] {
  const [first] = exampleStatement().predicate.fleets;
  if (!first) throw new Error('no fleet');
  const issued = NOW_SECONDS - 30 * 86_400;
  const transcript = exampleTranscript(first, custodialTrustRoot.namespace, issued - 10);
  return { issued, transcript };
}
