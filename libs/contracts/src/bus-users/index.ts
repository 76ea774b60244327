export { BUS_USERS, inboxPrefix, type BusUser } from './bus-user.js';
export { callersOf, permissionsOf, type BusPermissions } from './bus-permissions.js';
export { permissionsVariable, renderNatsPermissions } from './nats-permissions.js';
