import { peerReshareDeal, type peerReshareStage, type RequestOf, type RpcContract } from '@strongroom/contracts';
import { decodeMessage, encodeMessage, nodeSigner } from '@strongroom/platform';
import {
  concat,
  dealZero,
  entryId,
  nobleGroup,
  numberToScalar,
  recordHash,
  refreshRecord,
  reshareHeldMessage,
  sharingHash,
  signEntry,
  sumScalars,
  VaultError,
  type Bytes,
  type Entry,
  type ReshareCore,
  type Signer,
} from '@strongroom/protocol';
import { startedEpochFleet } from '../epoch/epoch-fleet.fixture.js';
import { EpochMarks } from '../epoch/epoch-marks.js';
import { sealNow } from '../keystore/native-hpke.js';
import { alice, bytesOf, randomOf, type Version } from '../node/account.fixture.js';
import type { MemoryFleet } from '../node/memory-fleet.fixture.js';
import { announceRefresh } from './refresh-fleet.fixture.js';
import type { ReshareDesk } from './reshare-desk.js';
import {
  reshareDealMessage,
  resharePartInfo,
  reshareSessionId,
  reshareSessionMessage,
  type ReshareDeal,
  type ReshareSession,
} from './reshare-message.js';

export const NODES = [1, 2, 3] as const;
export type Staging = RequestOf<typeof peerReshareStage>;

export const signerOf = (node: number): Signer => nodeSigner(bytesOf(`identity ${node - 1}`));

/** The code of the refusal and the field that it names, or 'taken'. */
export async function outcomeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'taken';
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return [error.code, error.metadata['field']].filter((part) => part !== undefined).join(' ');
  }
}

/** As a dealer signs that adds one to everybody's share: the secret would be another by one. */
export function shiftedDeal({ session, keys }: RequestOf<typeof peerReshareDeal>, dealer: number): ReshareDeal {
  const id = reshareSessionId(session);
  const one = numberToScalar(1n);
  const [key, secret] = [dealZero(nobleGroup, 2, 3, randomOf('lying key')), dealZero(nobleGroup, 2, 3, randomOf('lying secret'))];
  const parts = keys.map(({ key: to }, i) => {
    const shifted = sumScalars(nobleGroup, [key.deltas[i] ?? one, one]);
    return sealNow(to, concat(shifted, secret.deltas[i] ?? one), resharePartInfo(id, dealer, i + 1), session.before, randomOf(`part ${i}`));
  });
  const deal = { dealer, keyCommitments: [...key.commitments], secretCommitments: [...secret.commitments], parts };
  return { ...deal, signature: signerOf(dealer).sign(reshareDealMessage(id, deal)) };
}

/** For specs only: three nodes in their second epoch with one version to be shared anew, and those who lie in it. */
export class AttackedFleet {
  private constructor(
    readonly fleet: MemoryFleet,
    readonly version: Version,
  ) {}

  /** The fleet's own refresh is held up: what happens is what a spec does. */
  static async started(version: Version): Promise<AttackedFleet> {
    const fleet = await startedEpochFleet();
    await fleet.register(version);
    await fleet.settle();
    fleet.wire.fate = ({ name, from }) => (name.startsWith('peer.reshare') && from > 0 ? 'lose' : 'deliver');
    announceRefresh(fleet);
    await fleet.advance(2_500);
    if (!fleet.machines.every(({ disk }) => new EpochMarks(disk, 'main').isOpen(2))) throw new Error('the epoch is not open');
    return new AttackedFleet(fleet, version);
  }

  deskOf(node: number): ReshareDesk {
    return this.fleet.machine(node).now.node.services.reshareDesk;
  }

  /** How many events of this kind were told. */
  told(type: string): number {
    return this.fleet.wire.events.filter((event) => event.type.includes(type)).length;
  }

  /** Whom coordinators found lying. */
  get spoilers(): ReadonlySet<unknown> {
    return new Set(
      this.fleet.machines.flatMap(({ lines }) => lines.filter(({ event }) => event === 'refresh.spoiled').map(({ node }) => node)),
    );
  }

  /** Changes what a node answers, as if its program were another. */
  corrupt<Req, Res>(node: number, contract: RpcContract<Req, Res>, change: (answer: Res, request: Req) => Res): void {
    for (const [subject, port] of this.fleet.wire.servers) {
      if (!subject.includes(`${contract.capability}.${contract.verb}.`) || !subject.endsWith(`main-${node}`)) continue;
      const receive = async (payload: Bytes): Promise<Bytes> => {
        const answer = decodeMessage(await port.receive(payload), contract.maxBytes, contract.response);
        return encodeMessage(change(answer, decodeMessage(payload, contract.maxBytes, contract.request)), contract.maxBytes);
      };
      this.fleet.wire.servers.set(subject, { ...port, receive });
    }
  }

  sessionOf(change: Partial<ReshareSession> = {}, by: Signer = signerOf(1)): Staging {
    const subject = { fleetId: 'main', epoch: 2, coordinator: 1, dealers: [1, 2], uid: alice, ver: 1, index: 2 };
    const session = { ...subject, before: this.version.hash, nonce: bytesOf('nonce'), ...change };
    return { session, signature: by.sign(reshareSessionMessage(session)), deals: [] };
  }

  /** A whole honest session up to the deals. */
  dealt(request: Staging = this.sessionOf()): Staging {
    const keys = NODES.map((node) => this.deskOf(node).key(request));
    return { ...request, deals: request.session.dealers.map((node) => this.deskOf(node).deal({ ...request, keys })) };
  }

  /** H(record) that a session would bring into force. */
  hashOf({ deals }: Staging): Bytes {
    return recordHash(refreshRecord(this.version.record, deals));
  }

  async stageAtAll(request: Staging): Promise<void> {
    for (const node of NODES) await this.fleet.run(this.deskOf(node).stage(request));
  }

  entryOf(request: Staging, change: Partial<ReshareCore> = {}, by: Signer = signerOf(1)): Entry {
    const { fleetId, uid, ver, epoch, index, before } = request.session;
    const hashes = { before, beforeSharing: sharingHash(this.version.record), recordHash: this.hashOf(request) };
    const subject = { fleetId, uid, ver, epoch, index, ...hashes, ...change };
    const held = NODES.map((node) => signerOf(node).sign(reshareHeldMessage(subject, node)));
    const core = { kind: 'reshare', ...subject, bindingKey: by.publicKey, nonce: bytesOf('nonce', 16), held, ...change } as const;
    return { ...signEntry(core, by, null), token: '' };
  }

  /** How the entry fares when node 1 proposes it. */
  submit(entry: Entry): Promise<string> {
    return outcomeOf(() => {
      const { engine, sets } = this.fleet.machine(1).now.node.services;
      const decided = sets.wait(alice, entryId(entry.core), 2_000);
      engine.feed(alice, { kind: 'submit', id: entryId(entry.core), entry, tokenExpired: false });
      return this.fleet.run(decided);
    });
  }
}
