import type { decidedJson, signedStatementJson, signedStatementSchema } from '@strongroom/contracts';
import type { z } from 'zod';
import type { Decided } from '../fleet/decided.js';
import { fromText, toText } from './base64url.js';

type Statement = z.infer<typeof signedStatementSchema>;
type StatementJson = z.infer<typeof signedStatementJson>;
export type DecidedJson = z.infer<typeof decidedJson>;

/** Bytes of the bus as base64url of the HTTP door. */
export function toStatementJson(statement: Statement): StatementJson {
  return {
    node: statement.node,
    incarnation: statement.incarnation,
    sequence: statement.sequence,
    previous: toText(statement.previous),
    statement: toText(statement.statement),
    leafIndex: statement.leafIndex,
    treeSize: statement.treeSize,
    path: statement.path.map(toText),
    signature: toText(statement.signature),
  };
}

export function toDecidedJson(decided: Decided): DecidedJson {
  return { index: decided.index, value: toText(decided.value), votes: decided.votes.map(toStatementJson) };
}

/** @throws REQUEST_INVALID naming `field` and the member below it */
export function fromDecidedJson(decided: DecidedJson, field: string): Decided {
  const votes = decided.votes.map((vote, i) => fromStatementJson(vote, `${field}.votes.${i}`));
  return { index: decided.index, value: fromText(decided.value, `${field}.value`), votes };
}

function fromStatementJson(statement: StatementJson, field: string): Statement {
  return {
    ...statement,
    previous: fromText(statement.previous, `${field}.previous`),
    statement: fromText(statement.statement, `${field}.statement`),
    path: statement.path.map((hash) => fromText(hash, `${field}.path`)),
    signature: fromText(statement.signature, `${field}.signature`),
  };
}
