import { toHex, scalarToNumber, type Bytes } from '@strongroom/protocol';
import type { SimAccount, SimVersion } from '../clients/sim-account.js';
import type { Ledger } from './ledger.js';
import { Needles, type Needle } from './needles.js';

type Accuse = (rule: string, story: string) => void;

/** Order of ristretto255 (RFC 9496). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const SEALED_SHARE = 112;
/** MessagePack writes so many bytes as bin8, then the length. */
const BIN8 = 0xc4;

/**
 * Fewer than t shares say nothing, and nobody but the client ever holds t (I2). An attacker reads everything on the bus,
 * and has the keys and the disks of t - 1 nodes: that gives the shares of those nodes, which is one share each, and
 * nothing else. What k_i is the simulation knows from the client, so it looks for that very scalar: no other one opens
 * k_i G, which follows from the record's commitments.
 */
export class SecrecyRules {
  readonly needles = new Needles();
  /** Everything that is as long as a sealed share and was ever on the bus or on a disk. */
  readonly sealed = new Map<string, Bytes>();
  private readonly known = new Map<SimAccount, number>();
  private readonly nonces = new Map<string, string>();

  constructor(
    private readonly ledger: Ledger,
    private readonly accuse: Accuse,
  ) {}

  /** A message, whoever it was for and whether it arrived or not. */
  said(name: string, payload: Bytes): void {
    this.learnVersions();
    for (const { what } of this.needles.in(payload)) this.accuse('I2', `${what} is on the bus in the clear, in a ${name}`);
    this.collect(payload);
  }

  told(name: string, data: unknown): void {
    this.learnVersions();
    for (const { what } of this.needles.told(JSON.stringify(data))) this.accuse('I2', `${what} is told in an event, ${name}`);
  }

  /** Two proofs with one nonce are two equations with two unknowns, of which the share is one. */
  proved(node: number, share: Bytes, proof: Bytes): void {
    const [challenge, response] = [proof.subarray(0, 32), proof.subarray(32, 64)];
    const nonce = scalarToNumber(response, 'response') - scalarToNumber(challenge, 'challenge') * scalarToNumber(share, 'share');
    const name = `${toHex(share)} ${((nonce % L) + L) % L}`;
    const before = this.nonces.get(name);
    this.nonces.set(name, toHex(challenge));
    if (before !== undefined && before !== toHex(challenge))
      this.accuse('I2', `node ${node} proved two evaluations with one nonce: whoever sees both can compute its share`);
  }

  /** Byte strings that may be sealed shares: they are tried with every key there is. */
  collect(bytes: Bytes): void {
    for (let at = bytes.indexOf(BIN8); at >= 0; at = bytes.indexOf(BIN8, at + 1)) {
      if (bytes[at + 1] !== SEALED_SHARE || at + 2 + SEALED_SHARE > bytes.length) continue;
      this.keep(bytes.slice(at + 2, at + 2 + SEALED_SHARE));
    }
  }

  keep(sealed: Bytes): void {
    if (sealed.length === SEALED_SHARE) this.sealed.set(Buffer.from(sealed).toString('latin1'), sealed);
  }

  private learnVersions(): void {
    for (const { account } of this.ledger.accounts) {
      const seen = this.known.get(account) ?? 0;
      if (seen === account.versions.length) continue;
      this.known.set(account, account.versions.length);
      for (const version of account.versions.slice(seen)) needlesOf(account, version).forEach((needle) => this.needles.add(needle));
    }
  }
}

function needlesOf(account: SimAccount, { ver, key, backupKey, shares, secretShares }: SimVersion): readonly Needle[] {
  const of = `of version ${ver} of account ${account.name}`;
  return [
    { what: `the key ${of}`, node: null, bytes: key },
    { what: `the backup key ${of}`, node: null, bytes: backupKey },
    ...shares.map((bytes, i) => ({ what: `the key share of node ${i + 1} ${of}`, node: i + 1, bytes })),
    ...secretShares.map((bytes, i) => ({ what: `the secret share of node ${i + 1} ${of}`, node: i + 1, bytes })),
  ];
}
