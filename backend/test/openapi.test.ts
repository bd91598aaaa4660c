import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import request from 'supertest';
import { ROOT } from '../../scripts/root.ts';
import { createTestApp, type TestApp } from './app.ts';

let api: TestApp;
let document: OpenAPIObject;
const generated = (file: string): string => readFileSync(join(ROOT, 'libs/api-client', file), 'utf8');

beforeAll(async () => {
  api = await createTestApp();
  document = (await request(api.url).get('/api/openapi.json').expect(200)).body;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'patch', 'put', 'delete'] as const).flatMap((method) =>
      item[method] ? [{ path, method, operation: item[method] }] : [],
    ),
  );

describe('the OpenAPI document', () => {
  it('is 3.1, and the one the client was generated from', () => {
    expect(document.openapi).toBe('3.1.0');
    const { servers } = document;
    expect({ ...document, servers: undefined }).toEqual({
      ...JSON.parse(generated('openapi.json')),
      servers: undefined,
    });
    expect(servers).toEqual([{ url: api.url, description: 'Where this document was served.' }]);
  });

  it('names the address it was asked for by, so that a page that shows it calls its own origin', async () => {
    const asked = await request(api.url).get('/api/openapi.json').set('host', 'api.example.com:8080').expect(200);
    expect(asked.body.servers[0].url).toBe('http://api.example.com:8080');
    const nonsense = await request(api.url).get('/api/openapi.json').set('host', 'a b').expect(200);
    expect(nonsense.body.servers[0].url).toBe(api.env.publicUrl);
    const page = await request(api.url)
      .get('/api/docs/swagger-ui-init.js')
      .set('host', 'api.example.com:8080')
      .expect(200);
    expect(page.text).toContain('"http://api.example.com:8080"');
    expect(JSON.stringify({ ...document, servers: undefined })).not.toMatch(/localhost|127\.0\.0\.1/);
  });

  it('says nothing that a click would send: optional parameters have no example', () => {
    for (const { path, method, operation } of operations()) {
      for (const parameter of operation.parameters ?? []) {
        if ('$ref' in parameter || parameter.required) continue;
        expect({ path, method, name: parameter.name, example: /"examples?":/.test(JSON.stringify(parameter)) }).toEqual(
          { path, method, name: parameter.name, example: false },
        );
      }
    }
  });

  it('every operation is described; nothing is left empty', () => {
    for (const { path, method, operation } of operations()) {
      expect({ path, method, described: (operation.description ?? '') !== '' }).toEqual({
        path,
        method,
        described: true,
      });
    }
    expect(document.info.contact?.name).toBeTruthy();
    for (const tag of document.tags ?? []) expect(tag.description).toBeTruthy();
  });

  it.each([
    ['/api/health/live', ['200', '500']],
    ['/api/health/ready', ['200', '500', '503']],
  ])('%s promises what it gives: no limit, no credential', async (path, statuses) => {
    const responses = document.paths[path]?.get?.responses ?? {};
    expect(Object.keys(responses)).toEqual(statuses);
    const { headers } = await request(api.url).get(path).expect(200);
    const promised = Object.keys(
      responses['200'] && 'headers' in responses['200'] ? (responses['200'].headers ?? {}) : {},
    );
    expect(promised.filter((name) => headers[name.toLowerCase()] === undefined)).toEqual([]);
  });

  it('every operation has a name that makes a method, a summary, a tag and its security', () => {
    const names = operations().map(({ operation }) => operation.operationId ?? '');
    expect(new Set(names).size).toBe(names.length);
    for (const { operation } of operations()) {
      expect(operation.operationId).toMatch(/^[a-z][a-zA-Z]+$/);
      expect(operation.summary).toBeTruthy();
      expect(operation.tags).toHaveLength(1);
      expect(operation.security).toBeDefined();
    }
  });

  it('a route without a session answers 401 exactly where the document asks for one', async () => {
    for (const { path, method, operation } of operations()) {
      const target = path.replaceAll(/\{\w+\}/g, '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77');
      const { status } = await request(api.url)
        [method](target)
        .send(method === 'get' || method === 'delete' ? undefined : {});
      expect({ path, method, refused: status === 401 }).toEqual({
        path,
        method,
        refused: operation.security?.length !== 0,
      });
    }
  });

  it('leaves nothing unknown in a body of the generated types', () => {
    const unknown = generated('src/schema.ts')
      .split('\n')
      .filter((line) => /\bunknown\b/.test(line) && !line.includes('[name: string]: unknown;'));
    expect(unknown).toEqual([]);
  });

  it('every response with a body has an example or examples in its schema', () => {
    for (const schema of Object.values(document.components?.schemas ?? {})) {
      if ('$ref' in schema) continue;
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        const inner = JSON.stringify(property);
        expect({ name, described: /"example"|"\$ref"/.test(inner) }).toEqual({ name, described: true });
      }
    }
  });
});

describe('Swagger UI at /api/docs', () => {
  it('works offline: everything it loads is on this server, and its policy allows nothing else', async () => {
    const page = await request(api.url).get('/api/docs').expect(200);
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const address of loaded) {
      expect(address).not.toMatch(/^(https?:)?\/\//);
      await request(api.url).get(new URL(address, 'http://x/api/docs').pathname).expect(200);
    }
    expect(page.text).not.toMatch(/<script>(?!\s*<\/script>)/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('keeps the token that was entered', async () => {
    const { text } = await request(api.url).get('/api/docs/swagger-ui-init.js').expect(200);
    expect(text).toContain('"persistAuthorization": true');
  });
});
