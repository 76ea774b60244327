import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '@strongroom/contracts';

/** The document that the contracts generate, readable at /docs and as /docs/openapi.json. */
export async function serveDocs(app: NestFastifyApplication): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Nest's type names each optional member; ours is derived and tested
  const document = openApiDocument() as OpenAPIObject;
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json', yamlDocumentUrl: 'docs/openapi.yaml' });
}
