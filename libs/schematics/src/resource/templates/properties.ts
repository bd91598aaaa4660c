import type { Field } from '../fields.ts';
import { maxName, otherSampleOf, type Resource, sampleOf, valuesName, valueTypeName } from '../resource.ts';

/** A value as TypeScript. */
export function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** The type of a field in JSON. */
export function jsonType(resource: Resource, field: Field): string {
  switch (field.type) {
    case 'int':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'enum':
      return valueTypeName(resource, field);
    case 'text':
    case 'date':
    case 'timestamptz':
    case 'uuid':
      return 'string';
  }
}

const INT_MIN = '-2_147_483_648';
const INT_MAX = '2_147_483_647';

/** The schema of a field, as options of \`@ApiProperty\`. */
function schema(resource: Resource, field: Field): string[] {
  switch (field.type) {
    case 'text':
      return [
        'type: String',
        ...(field.nullable ? [] : ['minLength: 1']),
        `maxLength: ${maxName(field)}`,
        ...(field.nullable ? [] : [String.raw`pattern: '\\S'`]),
      ];
    case 'int':
      return [`type: 'integer'`, `minimum: ${INT_MIN}`, `maximum: ${INT_MAX}`];
    case 'number':
      return ['type: Number'];
    case 'boolean':
      return ['type: Boolean'];
    case 'date':
      return ['type: String', `format: 'date'`];
    case 'timestamptz':
      return ['type: String', `format: 'date-time'`];
    case 'uuid':
      return ['type: String', `format: 'uuid'`];
    case 'enum':
      return ['type: String', `enum: ${valuesName(resource, field)}`];
  }
}

/** The decorator that validates a field. */
function rules(resource: Resource, field: Field): string[] {
  switch (field.type) {
    case 'text':
      return [`@IsText(${field.nullable ? 0 : 1}, ${maxName(field)})`];
    case 'int':
      return ['@IsInt()', `@Min(${INT_MIN})`, `@Max(${INT_MAX})`];
    case 'number':
      return ['@IsNumber()'];
    case 'boolean':
      return ['@IsBoolean()'];
    case 'date':
      return [
        '@Matches(/^(?!0000)\\d{4}-\\d{2}-\\d{2}$/, ' +
          `{ message: '${field.property} must be a date such as 2030-01-31' })`,
        '@IsISO8601({ strict: true })',
      ];
    case 'timestamptz':
      return ['@IsDateTime()'];
    case 'uuid':
      return [`@IsUUID('loose')`];
    case 'enum':
      return [`@IsIn(${valuesName(resource, field)})`];
  }
}

/** A property of what goes out. */
export function outProperty(resource: Resource, field: Field): string {
  const options = [
    ...schema(resource, field),
    ...(field.nullable ? ['nullable: true'] : []),
    `example: ${literal(sampleOf(field))}`,
  ];
  return `  @ApiProperty({ ${options.join(', ')} })
  ${field.property}!: ${jsonType(resource, field)}${field.nullable ? ' | null' : ''};
`;
}

/** A property of what comes in: required on creation unless it may be null, never required in a change. */
export function inProperty(resource: Resource, field: Field, change: boolean): string {
  const optional = change || field.nullable;
  const example = change ? otherSampleOf(field) : sampleOf(field);
  const options = [
    ...schema(resource, field),
    ...(field.nullable ? ['nullable: true'] : []),
    `example: ${literal(example)}`,
  ];
  const given = field.nullable ? '@IfNotNull()' : change ? '@IfGiven()' : undefined;
  const decorators = [
    `@${optional ? 'ApiPropertyOptional' : 'ApiProperty'}({ ${options.join(', ')} })`,
    ...(given === undefined ? [] : [given]),
    ...rules(resource, field),
  ];
  const type = `${jsonType(resource, field)}${field.nullable ? ' | null' : ''}`;
  const lines = decorators.map((decorator) => `  ${decorator}\n`).join('');
  return `${lines}  ${field.property}${optional ? '?' : '!'}: ${type};
`;
}

/** The imports that a body's properties need, in the order of the code base: packages, then files. */
export function inImports(resource: Resource, change: boolean): string {
  const { names, fields } = resource;
  const has = (...types: readonly Field['type'][]): boolean => fields.some(({ type }) => types.includes(type));
  const optional = fields.some(({ nullable }) => change || nullable);
  const required = fields.some(({ nullable }) => !change && !nullable);
  const swagger = [...(required ? ['ApiProperty'] : []), ...(optional ? ['ApiPropertyOptional'] : []), 'ApiSchema'];
  const validators = [
    ...(has('boolean') ? ['IsBoolean'] : []),
    ...(has('enum') ? ['IsIn'] : []),
    ...(has('int') ? ['IsInt'] : []),
    ...(has('date') ? ['IsISO8601'] : []),
    ...(has('number') ? ['IsNumber'] : []),
    ...(has('uuid') ? ['IsUUID'] : []),
    ...(has('date') ? ['Matches'] : []),
    ...(has('int') ? ['Max', 'Min'] : []),
  ];
  const given = [
    ...(change && fields.some(({ nullable }) => !nullable) ? ['IfGiven'] : []),
    ...(fields.some(({ nullable }) => nullable) ? ['IfNotNull'] : []),
  ];
  const maxima = fields.filter(({ type }) => type === 'text').map(maxName);
  const enums = fields.filter(({ type }) => type === 'enum');
  const fromEntity = [
    ...enums.map((field) => valuesName(resource, field)),
    ...enums.map((field) => `type ${valueTypeName(resource, field)}`),
  ];
  return [
    `import { ${swagger.join(', ')} } from '@nestjs/swagger';`,
    ...(validators.length > 0 ? [`import { ${validators.join(', ')} } from 'class-validator';`] : []),
    ...(has('timestamptz') ? [`import { IsDateTime } from '../http/input/date-time.validator.ts';`] : []),
    ...(given.length > 0 ? [`import { ${given.join(', ')} } from '../http/input/if-given.decorator.ts';`] : []),
    ...(change ? [`import { validationProblem } from '../http/errors/problem.exception.ts';`] : []),
    ...(has('text') ? [`import { IsText } from '../http/input/text.validator.ts';`] : []),
    ...(maxima.length > 0 ? [`import { ${maxima.join(', ')} } from './${names.kebab}.dto.ts';`] : []),
    ...(fromEntity.length > 0 ? [`import { ${fromEntity.join(', ')} } from './${names.kebab}.entity.ts';`] : []),
  ].join('\n');
}
