import { BUS_USERS, type BusUser } from './bus-user.js';
import { permissionsOf } from './bus-permissions.js';

/** Longer than any call waits, so that the last answer in time still passes. */
const ANSWER_WITHIN = '15s';

/** For the `authorization` block of a nats-server: one variable for each user, as `permissions: $HSM_NODE` takes it. */
export function renderNatsPermissions(): string {
  return [
    '# Generated from libs/contracts by `npm run lint -- --fix`. Do not edit.',
    '# What each user of the bus may do. Nobody may do more.',
    ...BUS_USERS.flatMap((user) => ['', ...blockOf(user)]),
    '',
  ].join('\n');
}

/** As in `HSM_NODE`. */
export function permissionsVariable(user: BusUser): string {
  return user.toUpperCase().replaceAll('-', '_');
}

function blockOf(user: BusUser): readonly string[] {
  const { publish, subscribe, answers } = permissionsOf(user);
  return [
    `${permissionsVariable(user)}: {`,
    // An empty list of what is allowed would allow everything.
    ...(publish.length === 0 ? ['  publish: { deny: [">"] }'] : ['  publish: { allow: [', ...lines(publish), '  ] }']),
    '  subscribe: { allow: [',
    ...lines(subscribe),
    '  ] }',
    ...(answers ? [`  allow_responses: { max: 1, expires: "${ANSWER_WITHIN}" }`] : []),
    '}',
  ];
}

function lines(subjects: readonly string[]): readonly string[] {
  return subjects.map((subject) => `    "${subject}"`);
}
