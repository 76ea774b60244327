import { deriveBundleText } from '../bundle/derive-bundle.js';
import { utf8, toHex } from '../encoding/octets.js';
import { deploymentChecks } from '../evidence/deployment-checks.js';
import { formatEnvelope, signEnvelope, type Envelope } from '../evidence/dsse.js';
import { deploymentDigest, deploymentName, statementOf } from '../evidence/parse-statement.js';
import { possessionMessage, type Possession } from '../evidence/possession.js';
import type { DeploymentPredicate } from '../evidence/statement.js';
import {
  auditorSigner,
  exampleFleet,
  exampleNote,
  exampleSigner,
  exampleTrustRoot,
  NOW_MS,
  NOW_SECONDS,
  operatorSigner,
} from '../example/example-bundle.js';
import { custodialTrustRoot, exampleSoftware, exampleStatement, signedByCustodians } from '../example/example-deployment.js';
import { exampleProof, loggedTrustRoot } from '../example/example-log.js';
import type { FleetEvidence } from '../bundle/derive-bundle.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { auditLog, type AuditReport } from './audit.js';
import type { AuditSources } from './audit-sources.js';
import { checkpointOf, MemoryLog } from './memory-log.fixture.js';
import type { PossessionAnswer } from './possession-line.js';

const { custodians } = custodialTrustRoot;
if (!custodians) throw new Error('no custodians');
const { rotation: _rotation, ...logged } = loggedTrustRoot;
export const trustRoot: TrustRoot = { ...logged, custodians };
const five = exampleFleet();
export const FLEET: FleetEvidence = { ...five, n: 3, t: 2, q: 2, statements: five.statements.slice(0, 3) };

/** Of the example fleet, signed by everybody who has to. */
export function signedByAll(predecessor: string, changes: Partial<DeploymentPredicate> = {}, fleet: FleetEvidence = FLEET): Envelope {
  const signed = signedByCustodians(exampleStatement({ fleets: [fleet], predecessor, trustRoot }, changes));
  const checked = signEnvelope(signed, exampleTrustRoot.auditor.name, auditorSigner);
  return signEnvelope(checked, exampleTrustRoot.operator.name, operatorSigner);
}

export const ADMISSION = signedByAll('none');
export const ACCEPTANCE = signedByAll(deploymentName(ADMISSION), { issued: NOW_SECONDS - 20 });

/** Epoch by epoch, each naming one of these. */
export function textsNaming(...envelopes: readonly Envelope[]): readonly string[] {
  const issuedAt = NOW_SECONDS - 10;
  const common = { trustRoot, issuedAt, expiresAt: issuedAt + 86_400, fleets: [FLEET] };
  const texts: string[] = [];
  for (const envelope of envelopes) {
    const deployment = { digest: deploymentDigest(envelope), statement: statementOf(envelope) };
    texts.push(deriveBundleText({ ...common, previousText: texts.at(-1), deployment }));
  }
  return texts;
}

/** What node `node` answers when everything is as its custodians saw it, but for the changes, which it signs too. */
export function answerOf(nonce: Uint8Array, node: number, changes: Partial<Possession> = {}): PossessionAnswer {
  const [app, libs] = exampleSoftware.artifacts.map(({ digest }) => digest.sha256);
  const artifacts = { 'apps/hsm-node': app ?? '', libs: libs ?? '' };
  const said: Possession = { fleetId: FLEET.fleetId, epoch: 1, node, software: '0.1.0', artifacts, ...changes };
  return { ...said, signature: exampleSigner(node).sign(possessionMessage(said, nonce)) };
}

export type MachineWorld = {
  readonly texts?: readonly string[];
  readonly shown?: readonly Envelope[];
  readonly answers?: (nonce: Uint8Array) => readonly PossessionAnswer[];
  readonly sources?: Partial<AuditSources>;
  readonly trustRoots?: readonly [TrustRoot, ...TrustRoot[]];
};

/** Two epochs of a deployment with custodians, audited while its nodes run. */
export async function auditedMachines({
  texts = textsNaming(ADMISSION, ACCEPTANCE),
  shown = [ADMISSION, ACCEPTANCE],
  answers = (nonce) => [1, 2, 3].map((node) => answerOf(nonce, node)),
  sources = {},
  trustRoots = [trustRoot],
}: MachineWorld = {}): Promise<AuditReport> {
  const log = await MemoryLog.of(texts);
  const notes = texts.map(exampleNote);
  const envelopes = new Map(shown.map((envelope) => [toHex(deploymentDigest(envelope)), formatEnvelope(envelope)]));
  const all: AuditSources = {
    log,
    mirrors: [{ name: 'mirror', source: log }],
    witnesses: [{ name: 'w1', checkpoint: async () => utf8(checkpointOf(texts)) }],
    publishedBundle: async (epoch) => notes[epoch - 1],
    servedBundle: async () => exampleProof(notes),
    deployments: {
      read: async (digest) => envelopes.get(digest),
      check: (envelope, root) => deploymentChecks(envelope, root, 'all'),
    },
    possession: { nonce: new Uint8Array(32).fill(7), ask: async (_fleetId, nonce) => answers(nonce) },
    ...sources,
  };
  return auditLog({ trustRoots, sources: all, nowMs: NOW_MS });
}
