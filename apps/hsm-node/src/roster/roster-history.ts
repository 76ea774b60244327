import { ByteReader, ByteWriter, VaultError, type Bytes, type FleetRoster } from '@strongroom/protocol';
import {
  BundleError,
  bundleNoteOf,
  FormatError,
  parseBundle,
  parseNote,
  verifyBundle,
  type BundleFleet,
  type TrustRoot,
} from '@strongroom/transparency';
import type { NodeStore, StoreWrite } from '../storage/node-store.js';

/** The fleet as it was in its earlier epochs: decided sets are checked against the members of their own (PROTOCOL 7.5). */
export abstract class RosterHistory {
  /** `null` when this node was not there and nobody has told it yet. */
  abstract roster(fleetId: string, epoch: number): FleetRoster | null;

  /** The signed bundle that shows it, for a node that comes later. */
  abstract note(fleetId: string, epoch: number): string | null;

  /** Keeps a bundle that shows the fleet in `epoch`, durably. @throws BUNDLE_INVALID unless both signatures hold and it does */
  abstract take(fleetId: string, epoch: number, note: string): Promise<void>;
}

const TABLE = 'rosters';

/** One row per epoch: the note of a bundle. Verified again whenever it is read, except for its time, which is over. */
export class BundleRosterHistory extends RosterHistory {
  private readonly known = new Map<string, FleetRoster>();

  constructor(
    private readonly store: NodeStore,
    private readonly trustRoot: TrustRoot,
  ) {
    super();
  }

  roster(fleetId: string, epoch: number): FleetRoster | null {
    const name = `${fleetId}/${epoch}`;
    const note = this.known.has(name) ? null : this.note(fleetId, epoch);
    if (note !== null) this.known.set(name, rosterIn(note, this.trustRoot, fleetId, epoch));
    return this.known.get(name) ?? null;
  }

  note(fleetId: string, epoch: number): string | null {
    const row = this.store.get(TABLE, keyOf(fleetId, epoch));
    return row === null ? null : textOf(row);
  }

  async take(fleetId: string, epoch: number, note: string): Promise<void> {
    rosterIn(note, this.trustRoot, fleetId, epoch);
    await this.store.commit([rosterWrite(fleetId, epoch, note)]);
  }
}

/** A bundle that was just verified, kept for later epochs. */
export function rosterWrite(fleetId: string, epoch: number, note: string): StoreWrite {
  return { table: TABLE, key: keyOf(fleetId, epoch), value: new ByteWriter().text(note).bytes() };
}

function rosterIn(source: string, trustRoot: TrustRoot, fleetId: string, epoch: number): FleetRoster {
  try {
    // It was valid when it was issued; who the members were then does not end with its window.
    const { issuedAt } = parseBundle(parseNote(bundleNoteOf(source)).text);
    const { bundle } = verifyBundle({ source, trustRoot, memory: undefined, purpose: 'history', nowMs: issuedAt * 1000 });
    const fleet = bundle.fleets.find((one) => one.fleetId === fleetId && one.epoch === epoch);
    if (fleet === undefined)
      throw new VaultError('BUNDLE_INVALID', 'the bundle does not show the fleet in that epoch', { check: 'fleet-epoch' });
    return asRoster(fleet);
  } catch (error) {
    if (!(error instanceof BundleError) && !(error instanceof FormatError)) throw error;
    throw new VaultError(
      'BUNDLE_INVALID',
      error.message,
      { check: error instanceof BundleError ? error.check : 'note-grammar' },
      { cause: error },
    );
  }
}

function asRoster({ fleetId, epoch, n, t, q, attempts, members }: BundleFleet): FleetRoster {
  return { fleetId, epoch, n, t, q, attempts, members: members.map(({ index, identityKey }) => ({ index, identityKey })) };
}

function keyOf(fleetId: string, epoch: number): Bytes {
  return new ByteWriter().text(fleetId).u32(epoch).bytes();
}

function textOf(row: Bytes): string {
  const reader = new ByteReader(row);
  const note = reader.text('note');
  reader.end('roster note');
  return note;
}
