import { ERROR_CODES } from '@strongroom/protocol';
import { ERROR_TABLE } from '../errors/index.js';
import { allContracts, type ListedContract } from './all-contracts.js';

const NOTICE = '<!-- Generated from libs/contracts by `npm run lint -- --fix`. Do not edit. -->';

/** docs/generated/SUBJECTS.md */
export function renderSubjects(): string {
  const contracts = allContracts();
  const section = (
    title: string,
    lead: string,
    kind: ListedContract['kind'],
    header: string,
    row: (contract: ListedContract) => string,
  ): string => [`## ${title}`, '', lead, '', header, ...contracts.filter((contract) => contract.kind === kind).map(row)].join('\n');
  return [
    NOTICE,
    '# NATS subjects',
    '',
    'An addressed subject ends in `<fleetId>-<node>`, a broadcast in `<fleetId>`. No subject carries an account.',
    '',
    section(
      'Calls',
      'MessagePack both ways; every call has an answer or a deadline.',
      'rpc',
      '| subject | waits | largest | what it does |\n|---|---|---|---|',
      (contract) =>
        `| \`${contract.subject}${contract.addressed ? '.<node>' : ''}\` | ${contract.timeoutMs ?? 0} ms | ${contract.maxBytes ?? 0} B | ${contract.summary} |`,
    ),
    '',
    section(
      'Broadcasts',
      'MessagePack, at most once, no answer.',
      'broadcast',
      '| subject | largest | what it tells |\n|---|---|---|',
      (contract) => `| \`${contract.subject}.<fleetId>\` | ${contract.maxBytes ?? 0} B | ${contract.summary} |`,
    ),
    '',
    section(
      'Events',
      'CloudEvents 1.0 JSON for observers: no account id, no token, no secret.',
      'event',
      '| subject | what happened |\n|---|---|',
      (contract) => `| \`${contract.subject}\` | ${contract.summary} |`,
    ),
    '',
  ].join('\n');
}

/** docs/generated/ERRORS.md */
export function renderErrors(): string {
  const rows = ERROR_CODES.map((code) => {
    const { kind, httpStatus, title } = ERROR_TABLE[code];
    return `| \`${code}\` | ${kind} | ${httpStatus} | ${title} |`;
  });
  return [
    NOTICE,
    '# Error codes',
    '',
    'Over HTTP as problem details (RFC 9457) with `code`; over NATS as `{ error: { code, message, metadata } }`.',
    '',
    '| code | kind | HTTP | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
