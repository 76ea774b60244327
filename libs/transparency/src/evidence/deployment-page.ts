import { fromBase64 } from '../encoding/base64.js';
import { toHex } from '../encoding/octets.js';
import type { Envelope } from './dsse.js';
import type { KnownAnswer, KnownAnswerName } from './known-answer.js';
import { deploymentName, statementOf } from './parse-statement.js';

type Row = readonly string[];
export type PageTable = { readonly title: string; readonly note?: string; readonly head: Row; readonly rows: readonly Row[] };

/** What every rendering of a deployment shows, in this order: the environment stands before everything. */
export type DeploymentPage = {
  readonly title: string;
  readonly sample: boolean;
  readonly environment: 'software' | 'hsm';
  readonly environmentMeans: string;
  readonly fleet: string;
  readonly digest: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly tables: readonly PageTable[];
  readonly commands: readonly string[];
};

const ENVIRONMENTS = {
  software:
    'Keys lie in sealed files. Whoever controls a machine can copy what it has: this resists no tampering on the machines themselves.',
  hsm: 'Every member says that its keys were made in, and cannot leave, a PKCS#11 token.',
} as const;

const MEANS: Readonly<Record<KnownAnswerName, string>> = {
  'right-code': 'The right code brought the key back; q nodes say that the attempt was confirmed.',
  'wrong-code': 'A wrong code was counted and released nothing; q nodes say so.',
  'minority-lost': 'The same with some nodes stopped.',
  lock: 'After the last attempt q nodes say that the record is locked.',
};

/** @throws FormatError when the envelope holds no statement */
export function deploymentPage(
  envelope: Envelope,
  { title, sample }: { readonly title?: string | undefined; readonly sample: boolean },
): DeploymentPage {
  const { predicate, subject } = statementOf(envelope);
  const { environment, fleet, fleets, issued, knownAnswers, namespace, predecessor, software, stage, transcript, trustRoot } = predicate;
  const digest = deploymentName(envelope);
  const exceptions = transcript.filter(({ exception }) => exception !== '').length;
  return {
    title: title ?? `Deployment of fleet ${fleet}: ${stage}`,
    sample,
    environment,
    environmentMeans: ENVIRONMENTS[environment],
    fleet,
    digest,
    facts: [
      ['Statement', digest],
      [
        'Stage',
        stage === 'admission' ? 'admission: custodians saw the machines; nothing had run yet' : 'acceptance: the fleet has answered',
      ],
      ['Namespace', namespace],
      ['Issued', isoOf(issued)],
      ['Follows', predecessor],
      ['Trust root', `version ${trustRoot.version}, ${trustRoot.digest}`],
      ['Exceptions', exceptions === 0 ? 'none' : `${exceptions}, listed in the transcript`],
    ],
    tables: [
      {
        title: 'Signatures',
        note: 'As the envelope claims them; `strongroom evidence verify` says which of them count.',
        head: ['key'],
        rows: envelope.signatures.map(({ keyid }) => [keyid]),
      },
      ...fleets.map((each, i): PageTable => ({
        title: `Fleet ${each.fleetId}, epoch ${each.epoch}`,
        note: `${each.n} nodes, ${each.t} shares and ${each.q} votes needed, ${each.attempts} attempts, ${each.ksf}; roster sha256:${subject[i]?.digest.sha256 ?? ''}`,
        head: ['node', 'identity key', 'HPKE key', 'environment', 'keystore', 'software', 'enrolment statement'],
        rows: each.members.map((m) => [
          String(m.index),
          identityHex(m.identityKey),
          identityHex(m.hpkeKey),
          m.environment,
          m.keystore,
          m.software,
          m.digest,
        ]),
      })),
      { title: 'Known answers', head: ['test', 'what it shows', 'signed by nodes', 'stopped'], rows: knownAnswers.map(answerRow) },
      {
        title: 'Software',
        note: `Installed where the ceremony was led, with Node ${software.buildDefinition.externalParameters.node}; source: ${software.buildDefinition.externalParameters.source}; builder: ${software.runDetails.builder.id}. The nodes themselves sign a version alone.`,
        head: ['what', 'SHA-256'],
        rows: [...software.artifacts, ...software.buildDefinition.resolvedDependencies].map(({ name, digest: { sha256 } }) => [
          name,
          sha256,
        ]),
      },
      {
        title: 'Transcript',
        note: 'Each step names the hash of the one before.',
        head: ['time', 'step', 'who', 'output', 'exception', 'step before'],
        rows: transcript.map(({ at, step, who, output, exception, previous }) => [
          isoOf(at),
          step,
          who,
          output,
          exception === '' ? '-' : exception,
          previous,
        ]),
      },
    ],
    commands: [
      `curl -s https://vault.example/v1/deployments/${digest.slice('sha256:'.length)} | jq -j .envelope > deployment.json`,
      'strongroom evidence verify deployment.json --trust-root trust-root.json',
      'jq -r .payload deployment.json | base64 -d | sha256sum',
    ],
  };
}

function answerRow({ name, attempts, views, absent }: KnownAnswer): Row {
  const nodes = [
    ...attempts.flatMap(({ votes, evaluations }) => [...votes, ...evaluations].map(({ node }) => node)),
    ...views.map(({ node }) => node),
  ];
  const list = (numbers: readonly number[]): string => [...new Set(numbers)].sort((a, b) => a - b).join(', ');
  return [name, MEANS[name], list(nodes), absent.length === 0 ? '-' : list(absent)];
}

/** As a node prints its identity when it is ready. @throws FormatError */
export function identityHex(identityKey: string): string {
  return toHex(fromBase64(identityKey, 'identityKey'));
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
