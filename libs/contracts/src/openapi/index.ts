export { openApiDocument } from './openapi-document.js';
export { HTTP_ROUTES, type HttpRoute } from './routes.js';
