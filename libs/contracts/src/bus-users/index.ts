export { BUS_USERS, inboxPrefix, type BusUser } from './bus-user.js';
export { EVENT_STREAM, EVENT_STREAM_API } from './event-stream.js';
export { callersOf, permissionsOf, type BusPermissions } from './bus-permissions.js';
export { permissionsVariable, renderNatsPermissions } from './nats-permissions.js';
