import { describe, expect, it } from '@jest/globals';
import { exampleSigner, NOW_SECONDS } from '../example/example-bundle.js';
import { exampleStatement, signedByCustodians } from '../example/example-deployment.js';
import { loggedTrustRoot } from '../example/example-log.js';
import { deploymentChecks } from '../evidence/deployment-checks.js';
import { formatEnvelope } from '../evidence/dsse.js';
import { deploymentName } from '../evidence/parse-statement.js';
import { possessionMessage } from '../evidence/possession.js';
import { SourceUnavailable } from '../source/log-source.js';
import type { AuditReport } from './audit.js';
import type { DeploymentSource } from './deployment-line.js';
import { ACCEPTANCE, ADMISSION, answerOf, auditedMachines, FLEET, signedByAll, textsNaming, trustRoot } from './machine-world.fixture.js';

const open = ({ lines }: AuditReport): readonly string[] =>
  lines.filter(({ outcome }) => outcome !== 'ok').map(({ check, outcome }) => `${check} ${outcome}`);
const unavailable = (): Promise<never> => Promise.reject(new SourceUnavailable('does not answer'));
const [first = '', second = ''] = textsNaming(ADMISSION, ACCEPTANCE);
const check: DeploymentSource['check'] = (envelope, root) => deploymentChecks(envelope, root, 'all');

describe('an audit of a deployment with custodians', () => {
  it('is verified when every check was made and holds', async () => {
    const report = await auditedMachines();
    expect(open(report)).toEqual([]);
    expect(report.verdict).toBe('verified');
  });
});

describe('the evidence of a deployment fails when', () => {
  it('auditor and operator have not signed the statement', async () => {
    const bare = { ...ADMISSION, signatures: ADMISSION.signatures.slice(0, 2) };
    expect(open(await auditedMachines({ shown: [bare, ACCEPTANCE] }))).toEqual(['evidence FAIL']);
  });

  it('too few custodians have', async () => {
    const one = { ...ADMISSION, signatures: ADMISSION.signatures.slice(1) };
    expect(open(await auditedMachines({ shown: [one, ACCEPTANCE] }))).toEqual(['evidence FAIL']);
  });

  it('the statement that is shown is not the one that is named', async () => {
    const deployments = { check, read: async () => formatEnvelope(ADMISSION) };
    expect(open(await auditedMachines({ sources: { deployments } }))).toEqual(['evidence FAIL', 'software skipped']);
  });

  it('what is shown is no envelope, or too long a one', async () => {
    for (const shown of ['junk', ' '.repeat(400_000)]) {
      const deployments = { check, read: async () => shown };
      expect(open(await auditedMachines({ sources: { deployments } }))).toContain('evidence FAIL');
    }
  });

  it('a bundle lists machines or parameters that its statement does not', async () => {
    const report = await auditedMachines({ texts: [first.replace('attempts 10', 'attempts 9')] });
    expect(open(report)).toContain('evidence FAIL');
    expect(open(report)).not.toContain('both-signatures FAIL');
  });

  it('a statement does not follow the one before it', async () => {
    const stray = signedByAll('none', { issued: NOW_SECONDS - 15 });
    const texts = [first, second.replace(deploymentName(ACCEPTANCE), deploymentName(stray))];
    expect(open(await auditedMachines({ texts, shown: [ADMISSION, stray] }))).toEqual(['evidence FAIL']);
  });

  it('a bundle names none, where the trust root has custodians', async () => {
    const texts = [first.replace(deploymentName(ADMISSION), 'none')];
    expect(open(await auditedMachines({ texts }))).toContain('evidence FAIL');
  });

  it('the statement was made for another trust root', async () => {
    const other = signedByCustodians(exampleStatement({ fleets: [FLEET], trustRoot: { ...trustRoot, version: 2 } }));
    const texts = [first.replace(deploymentName(ADMISSION), deploymentName(other))];
    expect(open(await auditedMachines({ texts, shown: [other] }))).toContain('evidence FAIL');
  });
});

describe('the evidence of a deployment stays open when', () => {
  it('nobody shows the statement, or does not answer', async () => {
    expect(open(await auditedMachines({ shown: [ACCEPTANCE] }))).toEqual(['evidence skipped']);
    expect(open(await auditedMachines({ shown: [] }))).toEqual(['evidence skipped', 'software skipped']);
    for (const deployments of [undefined, { check, read: unavailable }])
      expect(open(await auditedMachines({ sources: { deployments } }))).toEqual(['evidence skipped', 'software skipped']);
  });

  it('its bundle was made for a trust root that was not given', async () => {
    expect(open(await auditedMachines({ trustRoots: [loggedTrustRoot] }))).toContain('evidence skipped');
  });
});

describe('the possession of keys fails when', () => {
  it('a node signed another nonce', async () => {
    const answers = (): ReturnType<typeof answerOf>[] => [1, 2, 3].map((node) => answerOf(new Uint8Array(32), node));
    expect(open(await auditedMachines({ answers }))).toEqual(['possession FAIL']);
  });

  it('one node answers for another', async () => {
    const answers = (nonce: Uint8Array): ReturnType<typeof answerOf>[] =>
      [1, 2, 2].map((by, i) => ({ ...answerOf(nonce, by), node: i + 1 }));
    expect(open(await auditedMachines({ answers }))).toEqual(['possession FAIL']);
  });

  it('another key signed', async () => {
    const answers = (nonce: Uint8Array): ReturnType<typeof answerOf>[] =>
      [1, 2, 3].map((node) => {
        const answer = answerOf(nonce, node);
        return node === 3 ? { ...answer, signature: exampleSigner(4).sign(possessionMessage(answer, nonce)) } : answer;
      });
    expect(open(await auditedMachines({ answers }))).toEqual(['possession FAIL']);
  });

  it('a node serves another epoch of its fleet', async () => {
    const answers = (nonce: Uint8Array): ReturnType<typeof answerOf>[] => [1, 2, 3].map((node) => answerOf(nonce, node, { epoch: 2 }));
    expect(open(await auditedMachines({ answers }))).toEqual(['possession FAIL']);
  });
});

describe('the possession of keys stays open when', () => {
  it('a node does not answer, or nobody asks', async () => {
    const answers = (nonce: Uint8Array): ReturnType<typeof answerOf>[] => [1, 3].map((node) => answerOf(nonce, node));
    expect(open(await auditedMachines({ answers }))).toEqual(['possession skipped', 'software skipped']);
    for (const possession of [undefined, { nonce: new Uint8Array(32), ask: unavailable }])
      expect(open(await auditedMachines({ sources: { possession } }))).toEqual(['possession skipped', 'software skipped']);
  });
});

describe('the software of a node fails when', () => {
  it.each([
    ['version', { software: '0.1.1' }],
    ['program', { artifacts: { 'apps/hsm-node': '9'.repeat(64), libs: '3'.repeat(64) } }],
    ['library', { artifacts: { 'apps/hsm-node': '1'.repeat(64), libs: '9'.repeat(64) } }],
  ])('it runs another %s than its custodians saw', async (_what, changes) => {
    const answers = (nonce: Uint8Array): ReturnType<typeof answerOf>[] =>
      [1, 2, 3].map((node) => answerOf(nonce, node, node === 2 ? changes : {}));
    expect(open(await auditedMachines({ answers }))).toEqual(['software FAIL']);
  });
});
