export { openApiDocument } from './openapi-document.js';
export type { HttpRoute } from './http-route.js';
export { HTTP_ROUTES } from './routes.js';
