export { BUS_USERS, inboxPrefix, type BusUser } from './bus-user.js';
export { EVENT_STREAM, EVENT_STREAM_API, NOTICE_KEPT_MS, NOTICE_STREAM, NOTICE_STREAM_API, type StreamApi } from './event-stream.js';
export { callersOf, permissionsOf, type BusPermissions } from './bus-permissions.js';
export { permissionsVariable, renderNatsPermissions } from './nats-permissions.js';
