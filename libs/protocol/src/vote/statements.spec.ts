import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, utf8, type Bytes } from '../encoding/bytes.js';
import { nobleSigner } from '../keys/noble-signature.js';
import { ACCOUNT_STATUSES, encodeAccountStatement, parseAccountStatement, type AccountStatement } from './account-statement.js';
import { encodePromise, parsePromise, type BallotPromise } from './promise.js';
import { encodeStatusQuery, parseStatusQuery, type StatusQuery } from './status-query.js';
import { encodeVote, parseVote, type Vote } from './vote.js';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ballot = fc.record({ round: u32, node: fc.integer({ min: 0, max: 255 }), incarnation: u32 });
const head = fc
  .record({
    fleetId: fc.constantFrom('eu-1', 'x'),
    epoch: u32,
    incarnations: fc.array(u32, { minLength: 1, maxLength: 32 }),
    pick: fc.nat(1_000),
  })
  .map(({ pick, ...rest }) => ({ ...rest, node: 1 + (pick % rest.incarnations.length) }));

const votes: fc.Arbitrary<Vote> = fc
  .record({ head, body: fc.record({ uid: hash, index: u32, ballot, valueHash: hash, spent: u16, lastOk: u32, recordHash: hash }) })
  .map(({ head, body }) => ({ ...head, ...body }));
const promises: fc.Arbitrary<BallotPromise> = fc
  .record({ head, body: fc.record({ uid: hash, index: u32, ballot, accepted: fc.option(fc.record({ ballot, valueHash: hash })) }) })
  .map(({ head, body }) => ({ ...head, ...body }));
const accounts: fc.Arbitrary<AccountStatement> = fc
  .record({
    head,
    body: fc.record({
      uid: hash,
      index: u32,
      ver: u32,
      activeVer: u32,
      status: fc.constantFrom(...ACCOUNT_STATUSES),
      recordHash: hash,
      spent: u16,
      attempts: u16,
      lastOk: u32,
      pendingAtMs: time,
      retryAtMs: time,
      nonce: hash,
    }),
  })
  .map(({ head, body }) => ({ ...head, ...body }));
const bindingKey = nobleSigner(new Uint8Array(32).fill(7)).publicKey;
const queries: fc.Arbitrary<StatusQuery> = fc.record({
  fleetId: fc.constant('eu-1'),
  uid: hash,
  bindingKey: fc.constant(bindingKey),
  nonce: hash,
  askedAtMs: time,
});

function isStrict<T>(name: string, samples: fc.Arbitrary<T>, encode: (value: T) => Bytes, parse: (bytes: Bytes) => T): void {
  describe(name, () => {
    it('reads back what it wrote', () => {
      fc.assert(
        fc.property(samples, (value) => expect(parse(encode(value))).toEqual(value)),
        { numRuns: 100 },
      );
    });

    it('refuses every shorter form', () => {
      const property = fc.property(samples, fc.nat(), (value, cut) => {
        const bytes = encode(value);
        expect(() => parse(bytes.slice(0, cut % bytes.length))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
      });
      fc.assert(property, { numRuns: 200 });
    });

    it('refuses trailing bytes', () => {
      fc.assert(
        fc.property(samples, (value) =>
          expect(() => parse(concat(encode(value), utf8('x')))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' })),
        ),
        { numRuns: 50 },
      );
    });
  });
}

isStrict('a vote', votes, encodeVote, parseVote);
isStrict('a promise', promises, encodePromise, parsePromise);
isStrict('an account statement', accounts, encodeAccountStatement, parseAccountStatement);
isStrict('a status query', queries, encodeStatusQuery, parseStatusQuery);

describe('a signed statement', () => {
  const first = <T>(samples: fc.Arbitrary<T>): T => fc.sample(samples, { seed: 1, numRuns: 1 })[0] ?? fail();

  it('is never read as one of another use', () => {
    expect(() => parsePromise(encodeVote(first(votes)))).toThrow(expect.objectContaining({ metadata: { field: 'label' } }));
    expect(() => parseVote(encodePromise(first(promises)))).toThrow(expect.objectContaining({ metadata: { field: 'label' } }));
    expect(() => parseAccountStatement(encodeVote(first(votes)))).toThrow(expect.objectContaining({ metadata: { field: 'label' } }));
  });

  it('is refused when its signer is outside the incarnations it names', () => {
    const vote = first(votes);
    for (const node of [0, vote.incarnations.length + 1]) {
      expect(() => parseVote(encodeVote({ ...vote, node }))).toThrow(expect.objectContaining({ metadata: { field: 'node' } }));
    }
  });

  it('refuses an unknown flag of a promise and an unknown status of an account', () => {
    const promise = encodePromise({ ...first(promises), accepted: null });
    expect(() => parsePromise(promise.map((byte, i) => (i === promise.length - 1 ? 2 : byte)))).toThrow(
      expect.objectContaining({ metadata: { field: 'accepted' } }),
    );
    const account = first(accounts);
    const bytes = encodeAccountStatement(account);
    const place = bytes.length - (32 + 2 + 2 + 4 + 8 + 8 + 32) - 1;
    expect(() => parseAccountStatement(bytes.map((byte, i) => (i === place ? ACCOUNT_STATUSES.length : byte)))).toThrow(
      expect.objectContaining({ metadata: { field: 'status' } }),
    );
  });
});

function fail(): never {
  throw new Error('no sample');
}
