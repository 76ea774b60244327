import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { HTTP_ROUTES, openApiDocument } from './index.js';

const operationSchema = z.looseObject({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.looseObject({ content: z.looseObject({ 'application/json': z.looseObject({ schema: z.looseObject({}) }) }) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
});
const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});
const document = documentSchema.parse(openApiDocument());

describe('the OpenAPI document', () => {
  it('has one operation for every route, each with its own id', () => {
    const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(ids.sort()).toEqual(HTTP_ROUTES.map(({ operationId }) => operationId).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('asks for a token exactly where one is needed', () => {
    for (const { path, method, caller } of HTTP_ROUTES) {
      expect([path, document.paths[path]?.[method]?.security !== undefined]).toEqual([path, caller !== 'anyone']);
    }
  });

  it('shows that requests refuse members that are not known', () => {
    const schema = document.paths['/v1/attempts']?.['post']?.requestBody?.content['application/json'].schema;
    expect(schema).toMatchObject({ additionalProperties: false, required: ['entry'] });
  });

  it('names the statuses of refusals', () => {
    expect(Object.keys(document.paths['/v1/attempts']?.['post']?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '404', '409', '423', '429', '503', '500']),
    );
  });

  it('is the same each time, so that drift can be seen', () => {
    expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(openApiDocument()));
  });
});
