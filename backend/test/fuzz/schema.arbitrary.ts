import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

/** The parts of a JSON schema the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
}

/** Text that has broken servers before. */
export const nastyText = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  '🦆',
  'ı',
  '%',
  '_',
  '\\',
  "'; drop table task; --",
  '${7*7}',
  '../../etc/passwd',
  'null',
  'undefined',
  'NaN',
  '1e9',
  '-1',
  '0x10',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'a'.repeat(201),
  'é'.repeat(5_001),
  '2030-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999-23:59',
  '2030-01-01',
  '00000000-0000-0000-0000-000000000000',
  '"1"',
  'W/"1"',
  '*',
  '\r\n\r\nGET / HTTP/1.1',
);

/** Any JSON at all. */
export const nastyJson: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, [], {}, [[]], { a: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values a schema allows, most of the time; `ids` are ids that exist, looked at when a value is made. */
export function valid(document: OpenAPIObject, schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valid(document, resolve(document, schema.$ref), ids);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return fc.oneof(...choices.map((choice) => valid(document, choice, ids)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['string']);
  return fc.oneof(...types.map((type) => ofType(document, schema, type, ids)));
}

function ofType(document: OpenAPIObject, schema: Schema, type: string, ids: readonly string[]): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 1_000) });
    case 'array':
      return fc.array(valid(document, schema.items ?? {}, ids), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, property]) => [name, valid(document, property, ids)]),
        ),
        { requiredKeys: [...(schema.required ?? [])] },
      );
    default:
      return text(schema, ids);
  }
}

function text(schema: Schema, ids: readonly string[]): fc.Arbitrary<string> {
  if (schema.format === 'uuid')
    return fc.oneof(
      { weight: 3, arbitrary: fc.nat().map((at) => ids[at % ids.length] ?? '') },
      { weight: 1, arbitrary: fc.uuid() },
    );
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (schema.pattern !== undefined && schema.pattern !== '\\S') return fc.stringMatching(new RegExp(schema.pattern));
  return fc.string({
    unit: 'grapheme',
    minLength: Math.max(schema.minLength ?? 0, 1),
    maxLength: Math.min(schema.maxLength ?? 40, 40),
  });
}

/** What an object looks like with one thing wrong with it, anywhere. */
export function broken(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(value, fc.nat(), nastyText, nastyJson, fc.constantFrom('replace', 'add', 'remove', 'whole'))
    .map(([whole, at, name, nasty, how]) => {
      const places = how === 'whole' ? [] : objectsIn(whole);
      const place = places[at % Math.max(places.length, 1)];
      if (!place) return nasty;
      const keys = Object.keys(place);
      const key = keys[at % Math.max(keys.length, 1)] ?? 'title';
      if (how === 'remove') Reflect.deleteProperty(place, key);
      // As JSON text has it: `__proto__` is a property like any other.
      else
        Object.defineProperty(place, how === 'add' ? name : key, {
          value: nasty,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return whole;
    });
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value]), ...Object.values(value).flatMap(objectsIn)];
}

export function resolve(document: OpenAPIObject, reference: string): Schema {
  let value: unknown = document;
  for (const part of reference.slice(2).split('/'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  return value as Schema;
}
