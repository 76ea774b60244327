import type { Bundle } from '../bundle/bundle.js';
import { noPrevious } from '../bundle/format-bundle.js';
import { parseBundle } from '../bundle/parse-bundle.js';
import { refuseSuccession } from '../bundle/succession.js';
import { checkMemberKeys } from '../check/state-checks.js';
import { BundleError } from '../check/check.js';
import { fromUtf8, sameOctets, toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { rostersOf, type FleetRoster } from '../evidence/roster-digest.js';
import { keyChanges, type KeyChange } from './key-changes.js';

/** What later checks need of a bundle; not all of it, because a log may be long. */
export type WalkedEpoch = {
  readonly leaf: Uint8Array;
  /** Hexadecimal digest that its `trust-root` line names. */
  readonly trustRoot: string;
  /** Hexadecimal digest that its `deployment` line names. */
  readonly deployment: string | undefined;
  readonly rosters: readonly FleetRoster[];
};

/** Reads every bundle that was ever logged, in order: entry i is the text of epoch i + 1 and names the one before. */
export class EpochWalk {
  readonly chain: string[] = [];
  readonly succession: string[] = [];
  readonly keyProblems: string[] = [];
  readonly changes: KeyChange[] = [];
  /** By entry; `undefined` where it is no bundle. */
  readonly epochs: (WalkedEpoch | undefined)[] = [];
  /** The newest that could be read. */
  last: Bundle | undefined;
  /** Of the newest entry. */
  digest: Uint8Array = noPrevious();

  constructor(private readonly namespace: string) {}

  take(entry: Uint8Array, index: number, leaf: Uint8Array): void {
    const bundle = this.read(entry, index);
    if (bundle) this.judge(bundle, index);
    this.epochs.push(bundle && walkedOf(bundle, leaf));
    // Of the bytes that were logged, so that a broken entry does not hide what follows it.
    this.digest = leaf;
  }

  private read(entry: Uint8Array, index: number): Bundle | undefined {
    try {
      return parseBundle(fromUtf8(entry, 'entry'));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.chain.push(`entry ${index} is no bundle: ${error.message}`);
      return undefined;
    }
  }

  private judge(bundle: Bundle, index: number): void {
    const { epoch, namespace, previous } = bundle;
    if (namespace !== this.namespace) this.chain.push(`entry ${index} is a bundle of ${namespace}`);
    if (epoch !== index + 1) this.chain.push(`entry ${index} holds epoch ${epoch}`);
    if (!sameOctets(previous, this.digest)) this.chain.push(`epoch ${epoch} does not name the bundle before it`);
    const refused = this.last && refuseSuccession(this.last, bundle);
    if (refused) this.succession.push(`epoch ${epoch}: ${refused.field} ${refused.reason}`);
    this.changes.push(...keyChanges(this.last, bundle));
    try {
      checkMemberKeys(bundle);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      this.keyProblems.push(`epoch ${epoch}: ${error.message}`);
    }
    this.last = bundle;
  }
}

function walkedOf(bundle: Bundle, leaf: Uint8Array): WalkedEpoch {
  const { deployment, trustRoot } = bundle;
  return { leaf, trustRoot: toHex(trustRoot.digest), deployment: deployment && toHex(deployment), rosters: rostersOf(bundle) };
}
