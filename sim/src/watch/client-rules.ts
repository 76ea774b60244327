import {
  entryId,
  equal,
  parseLogValue,
  toHex,
  type Bytes,
  type Confirmation,
  type DecidedSet,
  type Entry,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { SimAccount, SimAttempt, SimVersion } from '../clients/sim-account.js';
import type { ClientWatch } from '../clients/sim-client.js';
import { faultOfSet } from './decided-rules.js';
import { confirmationName, type Ledger } from './ledger.js';

type Accuse = (rule: string, story: string) => void;

export interface ClientRulesOptions {
  readonly ledger: Ledger;
  /** The fleet as it is by now. */
  readonly roster: FleetRoster;
  readonly verifier: SignatureVerifier;
  readonly nowMs: () => number;
}

/** What honest clients are told must be true, and must stay true (I4, I5). */
export class ClientRules implements ClientWatch {
  recoveries = 0;

  constructor(
    private readonly options: ClientRulesOptions,
    private readonly accuse: Accuse,
  ) {}

  acknowledged(account: SimAccount, entry: Entry, set: DecidedSet): void {
    const known = this.options.ledger.of(account.uid);
    const fault = faultOfSet(set, account.uid, this.options.roster, this.options.verifier);
    if (fault !== null) return this.accuse('4.6', `a client was given a set that decides nothing: ${fault}`);
    const value = parseLogValue(set.value, () => true);
    const id = entryId(entry.core);
    if (!equal(entryId(value.entry.core), id)) return this.accuse('6.4', 'a client was given the decision of another entry');
    const confirmed = known.lastConfirmedBefore(known.madeAtMs.get(toHex(id)) ?? 0);
    if (value.lastOk < confirmed && known.budgetOf(set.index) <= confirmed)
      this.accuse(
        'I4',
        `entry ${set.index} of account ${account.name} was decided as if confirmation ${confirmed} had never been acknowledged`,
      );
  }

  signed(account: SimAccount, confirmation: Confirmation): void {
    this.options.ledger.of(account.uid).signed.add(confirmationName(confirmation));
  }

  confirmed(account: SimAccount, index: number): void {
    this.options.ledger.of(account.uid).acknowledged.push({ index, atMs: this.options.nowMs() });
  }

  recovered(account: SimAccount, version: SimVersion, key: Bytes): void {
    this.recoveries += 1;
    if (!equal(key, version.backupKey)) this.accuse('I3', `account ${account.name} got a backup key that is not its own`);
  }

  codeJudged(account: SimAccount, { code, version }: SimAttempt, right: boolean): void {
    if (right !== (code === version.code))
      this.accuse('I4', `the code of account ${account.name} was judged ${right ? 'right' : 'wrong'} and is not`);
  }
}
