import { ACCOUNT_ROUTES } from './account-routes.js';
import { FLEET_ROUTES } from './fleet-routes.js';
import type { HttpRoute } from './http-route.js';
import { OPERATOR_ROUTES } from './operator-routes.js';
import { SERVICE_ROUTES } from './service-routes.js';

/** Every route of the gateway, in the order of the document. */
export const HTTP_ROUTES: readonly HttpRoute[] = [...ACCOUNT_ROUTES, ...FLEET_ROUTES, ...OPERATOR_ROUTES, ...SERVICE_ROUTES];
