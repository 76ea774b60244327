import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  assembleNote,
  deriveBundleText,
  openNote,
  parseSignatureLine,
  signEnrolment,
  type Deployment,
  type FleetEvidence,
} from '@strongroom/transparency';
import {
  auditorSigner,
  exampleEnrolment,
  exampleFleet,
  exampleSigner,
  exampleTrustRoot,
  NOW_MS,
  NOW_SECONDS,
} from '@strongroom/transparency/example';
import { AuditService } from './audit.service.js';
import { MemoryAuditStore } from './audit.memory.js';

const forged = exampleFleet().statements.map((statement, i) =>
  i === 2 ? statement.map((byte, at) => (at === 60 ? byte ^ 1 : byte)) : statement,
);

describe('countersigning', () => {
  let store: MemoryAuditStore;
  let fleets: FleetEvidence[];
  let nowMs: number;
  let deployment: Deployment | undefined;
  const service = (allowBenchSuite = false): AuditService =>
    new AuditService(
      store,
      { evidence: async () => fleets },
      { trustRoot: exampleTrustRoot, signer: auditorSigner, allowBenchSuite },
      { nowMs: () => nowMs },
      { signedBefore: async () => deployment },
    );

  function text(changes: { previousText?: string; issuedAt?: number; validityS?: number; fleets?: FleetEvidence[] } = {}): string {
    const issuedAt = changes.issuedAt ?? NOW_SECONDS;
    return deriveBundleText({
      trustRoot: exampleTrustRoot,
      previousText: changes.previousText,
      issuedAt,
      expiresAt: issuedAt + (changes.validityS ?? 86_400),
      fleets: changes.fleets ?? fleets,
    });
  }

  beforeEach(() => {
    store = new MemoryAuditStore();
    fleets = [exampleFleet()];
    nowMs = NOW_MS;
    deployment = undefined;
  });

  it('signs the text that follows from the evidence, over the same bytes', async () => {
    const line = await service().countersign(text());
    const { signers } = openNote(assembleNote(text(), [parseSignatureLine(line)]), [exampleTrustRoot.auditor]);
    expect(signers).toEqual([exampleTrustRoot.auditor]);
  });

  it('answers the same text again, even when the evidence changed meanwhile or is away', async () => {
    const signed = text();
    const line = await service().countersign(signed);
    fleets = [];
    nowMs += 86_400_000;
    expect(await service().countersign(signed)).toBe(line);
  });

  it('signs epoch after epoch', async () => {
    const first = text();
    await service().countersign(first);
    await expect(service().countersign(text({ previousText: first }))).resolves.toContain('auditor.example');
  });

  it('refuses a second text for a signed epoch and names the first', async () => {
    await service().countersign(text());
    const refused = service().countersign(text({ validityS: 86_401 }));
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', metadata: { epoch: 1, signed: (await store.around(1)).same?.digest } });
  });

  it('gives one signature to two texts for one epoch that come at once', async () => {
    const answers = await Promise.allSettled([text(), text({ validityS: 86_401 })].map((each) => service().countersign(each)));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('refuses a text that goes on from another bundle than its own record', async () => {
    await service().countersign(text());
    const other = text({ validityS: 86_401 });
    await expect(service().countersign(text({ previousText: other }))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      metadata: { field: 'text' },
    });
  });

  it('refuses an epoch that it did not lead up to', async () => {
    await expect(service().countersign(text({ previousText: text() }))).rejects.toMatchObject({ code: 'CONFLICT', metadata: { epoch: 2 } });
  });

  it.each<[string, FleetEvidence[]]>([
    ['a member whose enrolment is missing', [exampleFleet({ statements: exampleFleet().statements.slice(0, 4) })]],
    ['a member whose enrolment is forged', [exampleFleet({ statements: forged })]],
    [
      'another member',
      [exampleFleet({ statements: [...exampleFleet().statements.slice(0, 4), signEnrolment(exampleEnrolment(9), exampleSigner(9))] })],
    ],
    ['members in another order', [exampleFleet({ statements: exampleFleet().statements.slice().reverse() })]],
    ['more attempts', [exampleFleet({ attempts: 11 })]],
    ['cheaper key stretching', [exampleFleet({ ksf: 'argon2id:8:1:1' })]],
    ['another state', [exampleFleet({ state: 'draining' })]],
    ['another fleet epoch', [exampleFleet({ epoch: 2 })]],
    ['no fleet at all', []],
  ])('refuses a text when the evidence says otherwise: %s', async (_, evidence) => {
    const proposed = text();
    fleets = evidence;
    await expect(service().countersign(proposed)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
    expect(await store.around(1)).toEqual({ same: undefined, last: undefined });
  });

  it('refuses members or parameters that change within the epoch of their fleet, even if the registry agrees', async () => {
    const first = text();
    await service().countersign(first);
    const changed = text({ fleets: [exampleFleet({ attempts: 11 })] })
      .replace('epoch 1\n', 'epoch 2\n')
      .replace(/previous .*/, `previous ${(await store.around(1)).same?.digest}`);
    fleets = [exampleFleet({ attempts: 11 })];
    await expect(service().countersign(changed)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
  });

  it.each([
    ['issued', { issuedAt: NOW_SECONDS + 301 }],
    ['issued', { issuedAt: NOW_SECONDS - 301 }],
    ['expires', { validityS: 90 * 86_400 + 1 }],
  ])('refuses a wrong time of being %s', async (field, changes) => {
    await expect(service().countersign(text(changes))).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field } });
  });

  it.each(['', 'hello', '\n', '\u0000'.repeat(100)])('refuses %j, which is no bundle', async (junk) => {
    await expect(service().countersign(junk)).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'text' } });
  });

  it('refuses fleets without key stretching unless measurements are allowed', async () => {
    fleets = [exampleFleet({ ksf: 'none' })];
    await expect(service().countersign(text())).rejects.toMatchObject({ code: 'REQUEST_INVALID', metadata: { field: 'ksf' } });
    await expect(service(true).countersign(text())).resolves.toBeDefined();
  });
});
