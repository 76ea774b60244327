import type { ErrorCode } from '@strongroom/protocol';
import { z } from 'zod';
import { ERROR_TABLE } from '../errors/index.js';
import { BUNDLE_HEADER, problemDetails, PROOF_HEADER } from '../session-gateway/index.js';
import type { HttpRoute } from './http-route.js';
import { HTTP_ROUTES } from './routes.js';

const DESCRIPTION =
  'The HTTP door of the vault. It is trusted for availability alone: clients check every signature and proof themselves. ' +
  'Bytes are base64url without padding; every error is problem details (RFC 9457) whose `code` is what programs act on.';

const HEADER_DESCRIPTIONS = {
  [BUNDLE_HEADER]: 'Digest of the bundle that the client holds: 64 hexadecimal digits. The answer leaves it out when it is the newest.',
  [PROOF_HEADER]: '`<base64url status query>.<base64url signature by the bound key>`',
} as const;

/** Every caller can meet these; which codes come besides is said by the route. */
const COMMON: Readonly<Record<HttpRoute['caller'], readonly ErrorCode[]>> = {
  anyone: ['INTERNAL'],
  account: ['REQUEST_INVALID', 'TOKEN_INVALID', 'INTERNAL'],
  operator: ['REQUEST_INVALID', 'TOKEN_INVALID', 'FORBIDDEN', 'FLEET_UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL'],
};

/** The OpenAPI 3.1 document of the gateway, derived from the schemas that it validates with. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of HTTP_ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Strongroom session gateway',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: {
        account: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Account token bound to an Ed25519 key (RFC 7800 cnf).',
        },
      },
      schemas: { Problem: schemaOf(problemDetails, 'output') },
    },
  };
}

function operation(route: HttpRoute): object {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.caller === 'anyone' ? {} : { security: [{ account: [] }] }),
    parameters: [
      ...Object.entries(route.parameters).map(([name, schema]) => ({
        name,
        in: 'path',
        required: true,
        schema: schemaOf(schema, 'input'),
      })),
      ...route.headers.map((name) => ({
        name,
        in: 'header',
        required: name === PROOF_HEADER,
        description: HEADER_DESCRIPTIONS[name],
        schema: { type: 'string' },
      })),
    ],
    ...(route.request === undefined ? {} : { requestBody: { required: true, content: json(schemaOf(route.request, 'input')) } }),
    responses: { [route.status]: success(route), ...problems(route) },
  };
}

function success({ response }: HttpRoute): object {
  if (typeof response === 'string') return { description: 'Done.', content: { [response]: { schema: { type: 'string' } } } };
  return { description: 'Done.', content: json(schemaOf(response, 'output')) };
}

/** One response for each HTTP status, naming the codes that it stands for. */
function problems(route: HttpRoute): Readonly<Record<string, object>> {
  const always = route.request === undefined ? [] : (['REQUEST_INVALID'] as const);
  const codes = [...new Set([...COMMON[route.caller], ...always, ...route.errors])];
  const statuses = [...new Set(codes.map((code) => ERROR_TABLE[code].httpStatus))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const texts = codes
        .filter((code) => ERROR_TABLE[code].httpStatus === status)
        .map((code) => `\`${code}\`: ${ERROR_TABLE[code].title}.`);
      const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
      return [String(status), { description: texts.join(' '), content }];
    }),
  );
}

function json(schema: object): object {
  return { 'application/json': { schema } };
}

/** OpenAPI 3.1 takes JSON Schema as it is; only the dialect is said once for the whole document. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}
