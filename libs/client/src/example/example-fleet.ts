import { generateHpkeKeyPair, nobleSigner, type FleetRoster, type HpkeKeyPair, type Signer } from '@strongroom/protocol';
import {
  DEFAULT_WINDOWS,
  assembleNote,
  deriveBundleText,
  formatTrustRoot,
  makeVkey,
  signEnrolment,
  signNoteText,
  type TrustRoot,
} from '@strongroom/transparency';

const operator = nobleSigner(new Uint8Array(32).fill(201));
const auditor = nobleSigner(new Uint8Array(32).fill(202));

const trustRootDocument: TrustRoot = {
  version: 1,
  namespace: 'strongroom.example/dev',
  operator: makeVkey('strongroom.example/operator', operator.publicKey),
  auditor: makeVkey('auditor.example/strongroom', auditor.publicKey),
  windows: DEFAULT_WINDOWS,
};
const ENROLLED_AT = 1_799_990_000;
export const exampleTrustRoot: string = formatTrustRoot(trustRootDocument);

export interface ExampleNode {
  readonly index: number;
  readonly identity: Signer;
  readonly hpke: HpkeKeyPair;
}

/** Specs only: five nodes from seeds, with the bundle that announces them. */
export interface ExampleFleet {
  readonly roster: FleetRoster;
  readonly nodes: readonly ExampleNode[];
  /** The text that both roles sign. */
  readonly text: string;
  /** As it travels. */
  readonly note: string;
}

export interface ExampleFleetOptions {
  readonly epoch?: number;
  readonly ksf?: string;
  readonly issuedAt?: number;
  readonly previousText?: string;
  readonly seed?: number;
  /** A node with other keys in this place. */
  readonly replaced?: number;
  /** Votes needed, 3 unless told. */
  readonly q?: number;
  /** Of the bundle; the example's own unless told. */
  readonly trustRoot?: TrustRoot;
  readonly validDays?: number;
}

export async function makeExampleFleet(options: ExampleFleetOptions = {}): Promise<ExampleFleet> {
  const {
    epoch = 1,
    ksf = 'none',
    issuedAt = 1_799_999_000,
    previousText,
    seed = 0,
    replaced,
    q = 3,
    trustRoot = trustRootDocument,
    validDays = 30,
  } = options;
  const nodes = await Promise.all([1, 2, 3, 4, 5].map((index) => makeNode(index, index === replaced ? index + 20 : index + seed)));
  const statements = nodes.map(({ identity, hpke }) => {
    const enrolment = {
      identityKey: identity.publicKey,
      hpkeKey: hpke.publicKey,
      environment: 'software',
      keystore: 'sealed-file',
      software: '0.1.0',
      issuedAt: ENROLLED_AT,
    } as const;
    return signEnrolment(enrolment, identity);
  });
  const parameters = { suite: 1, n: 5, t: 3, q, attempts: 10, ksf } as const;
  const fleets = [{ fleetId: 'eu-1', epoch, state: 'active', ...parameters, statements }] as const;
  const text = deriveBundleText({ trustRoot, previousText, issuedAt, expiresAt: issuedAt + validDays * 86_400, fleets });
  const members = nodes.map(({ index, identity }) => ({ index, identityKey: identity.publicKey }));
  return {
    nodes,
    text,
    note: signedBy(text, ['auditor', 'operator']),
    roster: { fleetId: 'eu-1', epoch, n: 5, t: 3, q, attempts: 10, members },
  };
}

export function signedBy(text: string, roles: readonly ('auditor' | 'operator')[]): string {
  const signers = { auditor, operator };
  return assembleNote(
    text,
    roles.map((role) => signNoteText(text, trustRootDocument[role].name, signers[role])),
  );
}

async function makeNode(index: number, seed: number): Promise<ExampleNode> {
  const hpke = await generateHpkeKeyPair({ bytes: (length) => new Uint8Array(length).fill(seed + 50) });
  return { index, hpke, identity: nobleSigner(new Uint8Array(32).fill(seed)) };
}
