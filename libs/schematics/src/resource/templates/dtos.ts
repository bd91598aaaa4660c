import type { Field } from '../fields.ts';
import { enumsOf, maxName, type Resource, textsOf, valuesName, valueTypeName } from '../resource.ts';
import { inImports, inProperty, outProperty } from './properties.ts';

/** `<name>.dto.ts` */
export function outDto(resource: Resource): string {
  const { names, fields } = resource;
  const enums = enumsOf(resource);
  const fromEntity = [
    ...enums.map((field) => valuesName(resource, field)),
    `type ${names.pascal}Entity`,
    ...enums.map((field) => `type ${valueTypeName(resource, field)}`),
  ];
  const imports =
    enums.length > 0
      ? `import { ${fromEntity.join(', ')} } from './${names.kebab}.entity.ts';`
      : `import type { ${names.pascal}Entity } from './${names.kebab}.entity.ts';`;
  return `import { ApiProperty, ApiSchema } from '@nestjs/swagger';
${imports}
${textsOf(resource)
  .map((field, index) => `${index === 0 ? '\n' : ''}export const ${maxName(field)} = ${grouped(field.max)};\n`)
  .join('')}
/** ${sentence(names.article)} as it leaves the API. */
@ApiSchema({ name: '${names.pascal}' })
export class ${names.pascal}Dto {
  @ApiProperty({ type: String, format: 'uuid', example: '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77' })
  id!: string;

${fields.map((field) => outProperty(resource, field)).join('\n')}
  @ApiProperty({ type: String, format: 'date-time', example: '2030-03-01T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-03-01T08:30:00.000Z' })
  updatedAt!: string;

  @ApiProperty({ type: 'integer', minimum: 1,
    description: 'Rises by one with every change. In quotes it is the ETag.', example: 1 })
  version!: number;
}

/** One ${names.title}, under \`data\`. */
@ApiSchema({ name: '${names.pascal}Response' })
export class ${names.pascal}ResponseDto {
  @ApiProperty({ type: ${names.pascal}Dto })
  data!: ${names.pascal}Dto;
}

/** Rows stay inside; this is what goes out. */
export function to${names.pascal}Dto(${names.camel}: ${names.pascal}Entity): ${names.pascal}Dto {
  return {
    id: ${names.camel}.id,
${fields.map((field) => `    ${field.property}: ${mapped(names.camel, field)},`).join('\n')}
    createdAt: ${names.camel}.createdAt.toISOString(),
    updatedAt: ${names.camel}.updatedAt.toISOString(),
    version: ${names.camel}.version,
  };
}
`;
}

function mapped(row: string, { property, type, nullable }: Field): string {
  const value = `${row}.${property}`;
  if (type !== 'timestamptz') return value;
  return nullable ? `${value} === null ? null : ${value}.toISOString()` : `${value}.toISOString()`;
}

/** `create-<name>.dto.ts` */
export function createDto(resource: Resource): string {
  const { names, fields } = resource;
  return `${inImports(resource, false)}

/** The properties of a new ${names.title}. The owner, the id and the dates are the server's. */
@ApiSchema({ name: 'Create${names.pascal}' })
export class Create${names.pascal}Dto {
${fields.map((field) => inProperty(resource, field, false)).join('\n')}}
`;
}

/** `update-<name>.dto.ts` */
export function updateDto(resource: Resource): string {
  const { names, fields } = resource;
  return `${inImports(resource, true)}

/** The properties to change; the others stay as they are, and null clears what may be null. */
@ApiSchema({ name: 'Update${names.pascal}' })
export class Update${names.pascal}Dto {
${fields.map((field) => inProperty(resource, field, true)).join('\n')}}

/**
 * An update that changes nothing is a mistake of the caller's.
 *
 * @throws {ProblemException} 400 when no property is given
 */
export function requireChanges(changes: Update${names.pascal}Dto): void {
  if (Object.values(changes).every((value) => value === undefined))
    throw validationProblem([{ pointer: '', message: 'must change at least one property' }]);
}
`;
}

/** `list-<names>.dto.ts` */
export function listDto(resource: Resource): string {
  const { names } = resource;
  const enums = enumsOf(resource);
  const filters = enums.map(
    (field) => `
  @ApiPropertyOptional({ type: String, enum: ${valuesName(resource, field)},
    description: 'Only ${names.titlePlural} with this ${field.title}.' })
  @IfGiven()
  @IsIn(${valuesName(resource, field)})
  ${field.property}?: ${valueTypeName(resource, field)};
`,
  );
  const fromEntity = [
    ...enums.map((field) => valuesName(resource, field)),
    ...enums.map((field) => `type ${valueTypeName(resource, field)}`),
  ];
  const query =
    enums.length === 0
      ? `/** Which page of the list. */\nexport class List${names.pascalPlural}Query extends PageQuery {}\n`
      : '/** Filters and page of a list. */\n' +
        `export class List${names.pascalPlural}Query extends PageQuery {${filters.join('')}}\n`;
  const filterImports =
    enums.length > 0
      ? `import { IsIn } from 'class-validator';\nimport { IfGiven } from '../http/input/if-given.decorator.ts';\n`
      : '';
  return `import { ApiProperty, ${enums.length > 0 ? 'ApiPropertyOptional, ' : ''}ApiSchema } from '@nestjs/swagger';
${filterImports}import { PageDto, PageQuery } from '../paging/page.dto.ts';
import { ${names.pascal}Dto } from './${names.kebab}.dto.ts';
${enums.length > 0 ? `import { ${fromEntity.join(', ')} } from './${names.kebab}.entity.ts';\n` : ''}
${query}
/** One page of ${names.titlePlural}. */
@ApiSchema({ name: '${names.pascal}List' })
export class ${names.pascal}ListDto {
  @ApiProperty({ type: [${names.pascal}Dto] })
  data!: ${names.pascal}Dto[];

  @ApiProperty({ type: PageDto })
  page!: PageDto;
}
`;
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
