import pluralize from 'pluralize';
import { capital, type Names, namesOf } from './names.ts';
import { type Field, parseFields } from './fields.ts';
import { Refusal } from './refusal.ts';
import { RESERVED_NAMES, RESERVED_ROUTES, RESERVED_TABLES, RESERVED_WORDS } from './reserved.ts';

/** What is generated: its names and fields. */
export interface Resource {
  readonly names: Names;
  readonly fields: readonly Field[];
  /** Of the migration, milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * Reads a resource as it is asked for.
 *
 * @throws {Refusal} when its name or a field can't be
 */
export function parseResource(name: string, fields: string, timestamp: number): Resource {
  const names = namesOf(name);
  if (RESERVED_WORDS.has(names.camel) || RESERVED_WORDS.has(names.camelPlural)) {
    throw new Refusal(`"${names.title}" is a word of the language: add another, e.g. "${names.title} record".`);
  }
  if (RESERVED_NAMES.has(names.camel))
    throw new Refusal(
      `"${names.title}" means something else in every service: add another word, e.g. "${names.title} record".`,
    );
  if (RESERVED_TABLES.has(names.snake)) {
    throw new Refusal(
      `"${names.snake}" is a table of Better Auth or of this API: choose another name, e.g. "own ${names.title}".`,
    );
  }
  if (RESERVED_ROUTES.has(names.kebabPlural) || RESERVED_ROUTES.has(names.kebab))
    throw new Refusal(`/api/${names.kebab} is a route of the API itself: choose another name.`);
  const resource = { names, fields: parseFields(fields), timestamp };
  refuseAmbiguousEnums(resource);
  return resource;
}

/** An enum becomes a constant and a type in the entity's file: no two of one name. */
function refuseAmbiguousEnums(resource: Resource): void {
  const enums = enumsOf(resource);
  for (const [index, field] of enums.entries()) {
    const constant = valuesName(resource, field);
    const other = enums.slice(0, index).find((before) => valuesName(resource, before) === constant);
    if (other !== undefined)
      throw new Refusal(
        `"${other.property}" and "${field.property}" would both be ${constant}: choose another name for one.`,
      );
    if (['entity', 'dto'].includes(field.property))
      throw new Refusal(
        `An enum can't be "${field.property}": ${valueTypeName(resource, field)} is a class. Choose another name.`,
      );
  }
}

/** `PURCHASE_ORDER_KINDS`: the constant that lists an enum's values. */
export function valuesName({ names }: Resource, field: Field): string {
  return `${names.snake}_${pluralize.plural(field.column)}`.toUpperCase();
}

/** `PurchaseOrderKind`: the type of an enum's values. */
export function valueTypeName({ names }: Resource, field: Field): string {
  return `${names.pascal}${capital(field.property)}`;
}

/** `BODY_MAX`: the constant with a text's length. */
export function maxName(field: Field): string {
  return `${field.column.toUpperCase()}_MAX`;
}

/** The fields that are enums. */
export function enumsOf({ fields }: Resource): Field[] {
  return fields.filter(({ type }) => type === 'enum');
}

/** The fields that are texts. */
export function textsOf({ fields }: Resource): Field[] {
  return fields.filter(({ type }) => type === 'text');
}

/** A value that a field accepts, as it is sent and answered. */
export function sampleOf(field: Field): string | number | boolean {
  switch (field.type) {
    case 'text':
      return capital(field.title).slice(0, field.max);
    case 'int':
      return 7;
    case 'number':
      return 1.5;
    case 'boolean':
      return true;
    case 'date':
      return '2030-03-14';
    case 'timestamptz':
      return '2030-03-14T09:00:00.000Z';
    case 'uuid':
      return '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a79';
    case 'enum':
      return field.values[0] ?? '';
  }
}

/** Another value that a field accepts; the same where an enum has only one. */
export function otherSampleOf(field: Field): string | number | boolean {
  switch (field.type) {
    case 'text':
      return 'Changed'.slice(0, field.max);
    case 'int':
      return 8;
    case 'number':
      return 2.5;
    case 'boolean':
      return false;
    case 'date':
      return '2031-03-14';
    case 'timestamptz':
      return '2031-03-14T09:00:00.000Z';
    case 'uuid':
      return '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a7a';
    case 'enum':
      return field.values.at(-1) ?? '';
  }
}

/** A value that a field refuses, as TypeScript, and what it is called. */
export function wrongSampleOf(field: Field): readonly [string, string] {
  switch (field.type) {
    case 'text':
      return [`a ${field.title} that is too long`, `'a'.repeat(${field.max + 1})`];
    case 'int':
      return [`a ${field.title} that is a fraction`, '1.5'];
    case 'number':
      return [`a ${field.title} in words`, `'many'`];
    case 'boolean':
      return [`a ${field.title} in words`, `'yes'`];
    case 'date':
      return [`a ${field.title} that is no day`, `'2030-02-30'`];
    case 'timestamptz':
      return [`a ${field.title} without a time`, `'2030-03-14'`];
    case 'uuid':
      return [`a ${field.title} that is no UUID`, `'not-a-uuid'`];
    case 'enum':
      return [`an unknown ${field.title}`, `'something-else'`];
  }
}
