import type { Clock, Log } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import {
  BundleError,
  missingConsistency,
  verifyBundle,
  type BundleMemory,
  type Gap,
  type TrustRoot,
  type VerifiedBundle,
} from '@strongroom/transparency';
import type { Keystore } from '../keystore/keystore.js';
import type { NodeStore } from '../storage/node-store.js';
import { readAccepted, writeAccepted, type AcceptedBundle } from './accepted-bundle.js';
import { rosterWrite } from './roster-history.js';
import { RosterSource, type RosterListener } from './roster-source.js';
import { rosterOf, sameRoster } from './roster-of-bundle.js';
import type { Roster } from './roster.js';

export interface BundleRosterParts {
  readonly store: NodeStore;
  readonly keystore: Keystore;
  readonly trustRoot: TrustRoot;
  /** Whether fleets without key stretching are taken: the bench's own, never in production. */
  readonly allowBenchSuite: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings the proof that the log of the bundles only grew between two sizes. */
export type ConsistencySource = (gap: Gap) => Promise<readonly Uint8Array[]>;

const nobody: ConsistencySource = async () => [];

interface JudgeInput {
  readonly note: string;
  readonly memory: BundleMemory | undefined;
  readonly nowMs: number;
  readonly consistency?: readonly Uint8Array[] | undefined;
}

/** RosterSource over bundles that this node verified itself: both signatures, its memory and its clock (PROTOCOL 7.5). */
export class BundleRosterSource extends RosterSource {
  private roster: Roster | null = null;
  private accepted: AcceptedBundle | null = null;
  private readonly listeners = new Set<RosterListener>();
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly parts: BundleRosterParts) {
    super();
  }

  /**
   * Starts from the bundle accepted last. It passed its window then, and a node that restarts while no publisher is
   * reachable must go on; everything else about it is checked again. One that no longer passes, as under another trust
   * root, leaves the node without a fleet until a newer one comes; its epoch is still remembered.
   */
  static open(parts: BundleRosterParts): BundleRosterSource {
    const source = new BundleRosterSource(parts);
    source.accepted = readAccepted(parts.store);
    if (source.accepted === null) return source;
    const { note, memory, acceptedAtMs } = source.accepted;
    try {
      source.roster = source.judge({ note, memory, nowMs: acceptedAtMs }).roster;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      parts.log.error({ event: 'roster.stored-bundle-refused', reason: error.code, check: error.metadata['check'] });
    }
    return source;
  }

  current(): Roster | null {
    return this.roster;
  }

  onChange(listener: RosterListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Judges a note from anywhere, one after the other; remembers it durably, then uses it. `consistencyOf` is asked when the
   * node missed bundles; what it brings is believed in nothing.
   * @throws BUNDLE_INVALID or BUNDLE_STALE naming the failed check; the node keeps what it had
   */
  accept(note: string, consistencyOf: ConsistencySource = nobody): Promise<void> {
    const turn = (): Promise<void> => this.take(note, consistencyOf);
    const result = this.last.then(turn, turn);
    this.last = result;
    return result;
  }

  private async take(note: string, consistencyOf: ConsistencySource): Promise<void> {
    if (note === this.accepted?.note && this.roster !== null) return;
    const nowMs = this.parts.clock.nowMs();
    const memory = this.accepted?.memory;
    const gap = missingConsistency(note, memory);
    const { verified, roster } = this.judge({ note, memory, nowMs, consistency: gap && (await consistencyOf(gap)) });
    const accepted = { memory: verified.memory, note, acceptedAtMs: nowMs };
    // Who the members were is asked for as long as the fleet lives: what they decided is checked by it (PROTOCOL 7.5).
    const introduced = roster === null || sameRoster(this.roster, roster) ? [] : [rosterWrite(roster.fleetId, roster.epoch, note)];
    await this.parts.store.commit([writeAccepted(accepted), ...introduced]);
    this.accepted = accepted;
    if (sameRoster(this.roster, roster)) return;
    this.roster = roster;
    this.parts.log.info({
      event: 'roster.changed',
      bundleEpoch: verified.bundle.epoch,
      fleetId: roster?.fleetId ?? null,
      node: roster?.self ?? null,
    });
    for (const listener of this.listeners) listener(roster);
  }

  private judge(input: JudgeInput): { readonly verified: VerifiedBundle; readonly roster: Roster | null } {
    const verified = this.verify(input);
    const unstretched = verified.bundle.fleets.some(({ ksf }) => ksf === 'none');
    if (unstretched && !this.parts.allowBenchSuite) {
      throw new VaultError('BUNDLE_INVALID', 'the bundle has a fleet without key stretching', { check: 'bench-suite' });
    }
    return { verified, roster: rosterOf(verified.bundle, this.parts.keystore) };
  }

  /** As strictly as a client that registers: a node gives a new fleet its shares. */
  private verify({ note, ...input }: JudgeInput): VerifiedBundle {
    try {
      return verifyBundle({ ...input, source: note, trustRoot: this.parts.trustRoot, purpose: 'register' });
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      const code = error.kind === 'stale' ? 'BUNDLE_STALE' : 'BUNDLE_INVALID';
      throw new VaultError(code, error.message, { check: error.check }, { cause: error });
    }
  }
}
