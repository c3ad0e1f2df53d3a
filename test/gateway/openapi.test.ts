/** The OpenAPI document is a valid one, and names exactly what the gateway answers. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { type AppWorld, createApp } from '../../src/gateway/app.ts';
import { openApi } from '../../src/gateway/openapi.ts';

const document = openApi('1.2.3');

it('is OpenAPI 3.1, checked by the published schema', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
});

it('has an operation for each route of the gateway, and no other', () => {
  const app = createApp({ secrets: {}, address: '', workspaceId: 'id', openApi: '' } as AppWorld);
  const answered = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  const told = Object.entries(document['paths'] as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(told.length).toBeGreaterThan(10);
  expect([...new Set(answered)].sort()).toEqual(told.sort());
});

it('tells what a parameter is for', () => {
  const paths = document['paths'] as Record<string, { get: { parameters: object[] } }>;
  expect(paths['/api/services/{service}/runs']?.get.parameters).toContainEqual({
    name: 'tz',
    in: 'query',
    required: false,
    schema: { type: 'string', description: expect.stringContaining('Time zone') },
  });
});

it('refers to no schema that it does not have, and has none that nothing refers to', () => {
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  const referred = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)/g);
  expect([...new Set([...referred].map(([, name]) => name))].sort()).toEqual(Object.keys(schemas).sort());
});
