import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '@strongroom/contracts';

/** The document that the contracts generate, readable at /docs and as /docs/openapi.json. */
export async function serveDocs(app: NestFastifyApplication): Promise<void> {
  // The document is our own and checked against the OpenAPI schema by test; Nest's type names optional members one by one.
  const document = openApiDocument() as OpenAPIObject;
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json', yamlDocumentUrl: 'docs/openapi.yaml' });
}
