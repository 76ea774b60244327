import { accountSummarySchema, decidedSchema, ballotSchema, acceptedSchema, confirmationSchema, bytes } from '@strongroom/contracts';
import { decodeMessage, encodeMessage } from '@strongroom/platform';
import { ByteWriter, concat, emptyAccountLog, type AccountLog, type Bytes, type DecidedSet } from '@strongroom/protocol';
import { z } from 'zod';
import { NodeStore, type StoreWrite } from '../storage/node-store.js';

const ACCOUNTS = 'accounts';
const DECIDED = 'decided';
const MAX_ROW_BYTES = 1024 * 1024;

const versionSchema = z.strictObject({
  ver: z.int(),
  recordHash: bytes(32),
  generation: z.int(),
  confirmKey: bytes(32),
  ownerKey: bytes(32),
});

const stateSchema = z.strictObject({
  index: z.int(),
  ver: z.int(),
  active: versionSchema.nullable(),
  pending: z.strictObject({ index: z.int(), stampMs: z.number(), ver: z.int(), version: versionSchema.nullable() }).nullable(),
  budgetFrom: z.int(),
  freshBudgetAtMs: z.number(),
  marks: z.array(
    z.strictObject({
      index: z.int(),
      kind: z.enum(['attempt', 'register', 'delete', 'cancel', 'reshare']),
      id: bytes(32),
      ver: z.int(),
      stampMs: z.number(),
      confirmKey: bytes(32).nullable(),
    }),
  ),
});

const accountSchema = z.strictObject({
  uid: bytes(32),
  state: stateSchema,
  confirmation: confirmationSchema.nullable(),
  promised: ballotSchema.nullable(),
  accepted: acceptedSchema.nullable(),
});

/** Accounts and decided sets as rows of the node's store. */
export class AccountRows {
  constructor(private readonly store: NodeStore) {}

  load(uid: Bytes): AccountLog {
    const row = this.store.get(ACCOUNTS, uid);
    return row === null ? emptyAccountLog(uid) : decodeAccount(row);
  }

  decided(uid: Bytes, index: number): DecidedSet | null {
    const row = this.store.get(DECIDED, decidedKey(uid, index));
    return row === null ? null : decodeMessage(row, MAX_ROW_BYTES, decidedSchema);
  }

  /** @returns accounts behind `after`, and where to go on; null after the last */
  page(after: Bytes | null, limit: number): { readonly accounts: readonly AccountLog[]; readonly next: Bytes | null } {
    const rows = this.store.scan(ACCOUNTS, after === null ? { limit } : { after, limit });
    return { accounts: rows.map(({ value }) => decodeAccount(value)), next: rows.length < limit ? null : (rows.at(-1)?.key ?? null) };
  }

  accountWrite(account: AccountLog): StoreWrite {
    const { uid, state, confirmation, promised, accepted } = account;
    return { table: ACCOUNTS, key: uid, value: encodeMessage({ uid, state, confirmation, promised, accepted }, MAX_ROW_BYTES) };
  }

  decidedWrite(uid: Bytes, { index, value, votes }: DecidedSet): StoreWrite {
    return { table: DECIDED, key: decidedKey(uid, index), value: encodeMessage({ index, value, votes }, MAX_ROW_BYTES) };
  }
}

/** What a peer that rejoins is told of an account. */
export function summaryOf(account: AccountLog): z.input<typeof accountSummarySchema> {
  const { uid, state, confirmation, promised, accepted } = account;
  return {
    uid,
    index: state.index,
    confirmation,
    promised,
    accepted: accepted === null ? null : { ...accepted, basis: [...accepted.basis] },
  };
}

function decodeAccount(row: Bytes): AccountLog {
  return { ...emptyAccountLog(new Uint8Array(32)), ...decodeMessage(row, MAX_ROW_BYTES, accountSchema) };
}

function decidedKey(uid: Bytes, index: number): Bytes {
  return concat(uid, new ByteWriter().u32(index).bytes());
}
