import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HTTP_ROUTES, openApiDocument, type HttpRoute } from '@strongroom/contracts';
import { exampleGateway, type ExampleGateway } from '../example/example-gateway.js';

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', delete: 'DELETE' } as const;

let gateway: ExampleGateway;
let withoutDevelopment: ExampleGateway;

beforeAll(async () => {
  gateway = await exampleGateway();
  withoutDevelopment = await exampleGateway({ developmentTokens: false });
});

afterAll(() => Promise.all([gateway.app.close(), withoutDevelopment.app.close()]));

function routeExists({ app }: ExampleGateway, { method, path }: HttpRoute): boolean {
  const url = path.replace(/\{(\w+)\}/g, ':$1');
  return app.getHttpAdapter().getInstance().hasRoute({ method: METHODS[method], url });
}

describe('the documentation', () => {
  it('is served as the document that the contracts generate', async () => {
    const answer = await gateway.app.inject({ method: 'GET', url: '/docs/openapi.json' });
    expect(answer.json()).toMatchObject(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('can be read in a browser without another host', async () => {
    const { statusCode, body } = await gateway.app.inject({ method: 'GET', url: '/docs' });
    expect(statusCode).toBe(200);
    expect(body).not.toMatch(/(?:src|href)="https?:/);
    expect((await gateway.app.inject({ method: 'GET', url: '/docs/swagger-ui-bundle.js' })).statusCode).toBe(200);
  });

  it.each(HTTP_ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'describes a route that exists: %s',
    (_name, route) => {
      expect(routeExists(gateway, route)).toBe(true);
    },
  );
});

describe('development tokens', () => {
  it('do not exist without the development issuer', async () => {
    const answer = await withoutDevelopment.app.inject({
      method: 'POST',
      url: '/v1/development/tokens',
      payload: { sub: 'a', bindingKey: 'A'.repeat(43) },
    });
    expect(answer.statusCode).toBe(404);
  });

  it('open the gateway where they exist', async () => {
    const payload = { sub: 'olga', bindingKey: Buffer.alloc(32, 9).toString('base64url'), roles: ['operator'] };
    const { token, expiresAtMs } = (await gateway.app.inject({ method: 'POST', url: '/v1/development/tokens', payload })).json();
    expect(expiresAtMs).toBe(gateway.clock.now + 3_600_000);
    const answer = await gateway.app.inject({
      method: 'GET',
      url: '/v1/operator/fleets',
      headers: { authorization: `Bearer ${String(token)}` },
    });
    expect(answer.statusCode).toBe(503);
  });

  it.each([
    ['sub', { bindingKey: 'A'.repeat(43) }],
    ['bindingKey', { sub: 'a', bindingKey: 'short' }],
    ['roles.0', { sub: 'a', bindingKey: 'A'.repeat(43), roles: ['root'] }],
  ])('are refused with a wrong %s', async (field, payload) => {
    expect((await gateway.app.inject({ method: 'POST', url: '/v1/development/tokens', payload })).json()).toMatchObject({
      code: 'REQUEST_INVALID',
      field,
    });
  });
});
