import type { OpenApiDocument, OpenApiMedia, OpenApiOperation, OpenApiSchema } from './openapi.types.ts';

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2030-01-01T00:00:00Z',
  date: '2030-01-01',
  time: '09:00:00Z',
  email: 'somebody@example.com',
  uri: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** A JSON body that an operation should accept, from its examples or else its schema; undefined when it takes none. */
export function sampleBody(document: OpenApiDocument, operation: OpenApiOperation | undefined): unknown {
  const media = Object.entries(operation?.requestBody?.content ?? {}).find(([type]) => type.includes('json'))?.[1];
  if (media === undefined) return undefined;
  return exampleOf(media) ?? sample(document, media.schema, 0);
}

function exampleOf(media: OpenApiMedia): unknown {
  return media.example ?? Object.values(media.examples ?? {})[0]?.value;
}

const DEEPEST = 8;

function sample(document: OpenApiDocument, given: unknown, depth: number): unknown {
  const schema = (given ?? {}) as OpenApiSchema;
  if (depth > DEEPEST) return null;
  if (schema.$ref !== undefined) return sample(document, resolve(document, schema.$ref), depth + 1);
  const known = [schema.example, schema.examples?.[0], schema.const, schema.default, schema.enum?.[0]].find(
    (value) => value !== undefined,
  );
  if (known !== undefined) return known;
  const choice = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (choice !== undefined) return sample(document, choice, depth + 1);
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => sample(document, part, depth + 1))) as unknown;
  return ofType(document, schema, depth);
}

function ofType(document: OpenApiDocument, schema: OpenApiSchema, depth: number): unknown {
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.[0] ?? 'object');
  switch (type) {
    case 'string':
      return FORMATS[schema.format ?? ''] ?? 'sample'.padEnd(schema.minLength ?? 0, '.');
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(document, schema.items, depth + 1));
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(
            ([name, property]) =>
              schema.required?.includes(name) === true || (property as OpenApiSchema).example !== undefined,
          )
          .map(([name, property]) => [name, sample(document, property, depth + 1)]),
      );
    default:
      return null;
  }
}

function resolve(document: OpenApiDocument, reference: string): unknown {
  return document.components?.schemas?.[reference.replace('#/components/schemas/', '')];
}
