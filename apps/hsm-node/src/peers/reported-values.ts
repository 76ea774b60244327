import { chooseReported, toHex, type Accepted, type AccountLog, type Bytes, type FleetRoster, type PeerReport } from '@strongroom/protocol';

interface ReportedAccount {
  readonly uid: Bytes;
  /** By peer: the last that it said. */
  readonly reports: Map<number, { readonly index: number; readonly report: PeerReport }>;
}

export interface AdoptedValue {
  readonly uid: Bytes;
  readonly index: number;
  readonly accepted: Accepted;
}

/** What peers say that they accepted, until q have answered: which of it this node may have voted for is then clear (PROTOCOL 7.3). */
export class ReportedValues {
  private readonly accounts = new Map<string, ReportedAccount>();

  constructor(private readonly roster: FleetRoster) {}

  /** @param index the open index that the report is for */
  note(uid: Bytes, index: number, report: PeerReport): void {
    const key = toHex(uid);
    const account = this.accounts.get(key) ?? { uid, reports: new Map() };
    account.reports.set(report.node, { index, report });
    this.accounts.set(key, account);
  }

  /**
   * @param answered nodes that have handed over all they hold
   * @param self this node, where it is one of them: then what it accepted is one report more
   * @returns null while another answer is needed: somebody signed two values, and does not count as one of q
   */
  choose(answered: readonly number[], accountOf: (uid: Bytes) => AccountLog, self: number | null = null): readonly AdoptedValue[] | null {
    const adopted: AdoptedValue[] = [];
    for (const { uid, reports } of this.accounts.values()) {
      const { state, accepted: own } = accountOf(uid);
      const index = state.index + 1;
      const here = [...reports.values()].filter((one) => one.index === index).map(({ report }) => report);
      if (self !== null && own !== null) here.push({ node: self, accepted: own, justified: true });
      const adoption = chooseReported(here, answered, uid, own, this.roster);
      if (adoption.kind === 'missing') return null;
      if (adoption.kind === 'value') adopted.push({ uid, index, accepted: adoption.accepted });
    }
    return adopted;
  }
}
